/** Splits text at the matches of a pattern, as `NormalizedString::split` of the Rust library does. */

/** What becomes of the matches; the names are those of tokenizer.json. */
export const SPLIT_BEHAVIORS = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const

export type SplitBehavior = (typeof SPLIT_BEHAVIORS)[number]

/**
 * Appends the pieces of `text`, none of them empty, to `out`. With `invert` the gaps count as matches.
 *
 * @returns where the first piece begins in the text; -1 if there is none
 */
export function splitText(
  text: string,
  pattern: RegExp,
  behavior: SplitBehavior,
  invert: boolean,
  out: string[],
): number {
  if (behavior === 'Isolated') {
    for (const [start, end] of spans(text, pattern)) out.push(text.slice(start, end))
    return text === '' ? -1 : 0
  }
  let first = -1
  // The piece in progress is text[start, end); a piece is closed when the next span does not join it.
  let pieceStart = 0
  let pieceEnd = 0
  let previous = false
  for (const [start, end, found] of spans(text, pattern)) {
    const isMatch = found !== invert
    const joins = joinsPrevious(behavior, isMatch, previous, start === 0)
    if (!joins) {
      if (pieceEnd > pieceStart) {
        out.push(text.slice(pieceStart, pieceEnd))
        if (first < 0) first = pieceStart
      }
      pieceStart = start
    }
    pieceEnd = end
    if (behavior === 'Removed' && isMatch) pieceStart = end
    previous = isMatch
  }
  if (pieceEnd > pieceStart) {
    out.push(text.slice(pieceStart, pieceEnd))
    if (first < 0) first = pieceStart
  }
  return first
}

/** Whether a span is glued to the one before it. */
function joinsPrevious(
  behavior: SplitBehavior,
  isMatch: boolean,
  previousIsMatch: boolean,
  isFirst: boolean,
): boolean {
  if (isFirst) return false
  if (behavior === 'Contiguous') return isMatch === previousIsMatch
  if (behavior === 'MergedWithPrevious') return isMatch && !previousIsMatch
  if (behavior === 'MergedWithNext') return !isMatch && previousIsMatch
  return false
}

/** Matches and the gaps between them, covering the text. */
function* spans(text: string, pattern: RegExp): Generator<[start: number, end: number, isMatch: boolean]> {
  let done = 0
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const start = match.index
    const end = start + match[0].length
    if (end === start) {
      // An empty match splits the text but is no piece; step over one character.
      pattern.lastIndex = end + (text.codePointAt(end)! > 0xffff ? 2 : 1)
      if (start > done) yield [done, start, false]
      done = start
      if (end >= text.length) break
      continue
    }
    if (start > done) yield [done, start, false]
    yield [start, end, true]
    done = end
  }
  if (done < text.length) yield [done, text.length, false]
}
