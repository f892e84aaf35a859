/** Parts of a text that are found and shown as one. */
export interface Passage {
  /** Lines, counted from 1; both are part of it. */
  readonly from: number
  readonly to: number
  /** Offsets into the document's text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** A paragraph that would make a passage longer than this begins a new one; a longer line is divided. */
const most = 1200
/** A passage this long ends at the next blank line. */
const enough = 500

/** A line, or a part of a very long one. */
interface Piece {
  readonly line: number
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Passages of whole paragraphs where that is possible; a Markdown heading begins one. Blank text belongs to none. */
export function splitPassages(text: string): Passage[] {
  const passages: Passage[] = []
  let current: Piece[] = []
  const finish = (): void => {
    const [first, last] = [current[0], current.at(-1)]
    if (first && last) passages.push({ from: first.line, to: last.line, start: first.start, end: last.end })
    current = []
  }
  for (const piece of pieces(text)) {
    const size = current[0] === undefined ? 0 : piece.end - current[0].start
    const isBlank = piece.text.trim() === ''
    if (isBlank ? size >= enough : size > most || /^#{1,6}\s/.test(piece.text)) finish()
    if (!isBlank) current.push(piece)
  }
  finish()
  return passages
}

function* pieces(text: string): Generator<Piece> {
  let line = 0
  for (const { 0: found, index } of text.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)) {
    if (found === '') continue
    line += 1
    const content = found.replace(/[\r\n]+$/, '')
    let start = 0
    do {
      const end = content.length - start <= most ? content.length : breakPoint(content, start)
      yield { line, start: index + start, end: index + end, text: content.slice(start, end) }
      start = end
    } while (start < content.length)
  }
}

/** Behind the last space of the room, or where it ends, but not inside a surrogate pair. */
function breakPoint(text: string, start: number): number {
  const space = text.lastIndexOf(' ', start + most - 1)
  if (space > start) return space + 1
  const end = start + most
  return /[\udc00-\udfff]/.test(text[end] ?? '') && /[\ud800-\udbff]/.test(text[end - 1] ?? '')
    ? end - 1
    : end
}
