/** Cuts text at the matches of patterns without making the pieces. */

/**
 * Calls `visit` with the range of each piece, in order: what `splitText` with `Isolated` gives if the patterns are applied one
 * after the other, each to the pieces of the one before.
 */
export function cutText(
  text: string,
  patterns: readonly RegExp[],
  visit: (from: number, to: number) => void,
): void {
  if (text !== '') cutPiece(text, 0, stickyPatterns(patterns), 0, visit)
}

interface Cutter {
  readonly global: RegExp
  readonly sticky: RegExp
}

const cutters = new WeakMap<readonly RegExp[], readonly Cutter[]>()

function stickyPatterns(patterns: readonly RegExp[]): readonly Cutter[] {
  let made = cutters.get(patterns)
  if (made === undefined) {
    made = patterns.map((global) => ({ global, sticky: new RegExp(global.source, 'uy') }))
    cutters.set(patterns, made)
  }
  return made
}

/** @param offset where `text`, a piece, begins in the whole text */
function cutPiece(
  text: string,
  offset: number,
  all: readonly Cutter[],
  level: number,
  visit: (from: number, to: number) => void,
): void {
  const cutter = all[level]
  if (cutter === undefined) {
    visit(offset, offset + text.length)
    return
  }
  const { global, sticky } = cutter
  const isLast = level === all.length - 1
  const emit = (from: number, to: number): void => {
    if (isLast) visit(offset + from, offset + to)
    else if (from === 0 && to === text.length) cutPiece(text, offset, all, level + 1, visit)
    else cutPiece(text.slice(from, to), offset + from, all, level + 1, visit)
  }
  let done = 0
  let search = 0
  while (done < text.length) {
    if (isLast && search === done) {
      // Most patterns take one match right behind the other: this way no match is made an object.
      sticky.lastIndex = done
      if (sticky.test(text) && sticky.lastIndex > done) {
        search = sticky.lastIndex
        visit(offset + done, offset + search)
        done = search
        continue
      }
    }
    global.lastIndex = search
    const match = global.exec(text)
    if (match === null) break
    const start = match.index
    const end = start + match[0].length
    if (start > done) emit(done, start)
    if (end > start) {
      emit(start, end)
      search = end
    } else {
      // An empty match cuts the text but is no piece; step over one character.
      search = end + (text.codePointAt(end)! > 0xffff ? 2 : 1)
    }
    done = end
    if (search > text.length) break
  }
  if (done < text.length) emit(done, text.length)
}
