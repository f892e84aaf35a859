import { termsOf } from './terms.ts'

/** A short part of a document, around what was found. */
export interface Snippet {
  readonly text: string
  /** Offsets into the document's text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** Characters of a snippet. */
const length = 300
/** Of these, how many stand before the first word found. */
const before = 60

/** The part of `text` with the most different ones of `terms` (as `termsOf` gives them); `offset` is where it begins. */
export function makeSnippet(text: string, offset: number, terms: ReadonlySet<string>): Snippet {
  const found = [...termsOf(text, 'index')].filter(({ term }) => terms.has(term))
  let best = { start: 0, count: -1 }
  for (const [index, first] of found.entries()) {
    const inside = new Set<string>()
    for (let other = index; other < found.length; other++) {
      const { term, end } = found[other] as (typeof found)[number]
      if (end > first.start + length - before) break
      inside.add(term)
    }
    if (inside.size > best.count) best = { start: first.start, count: inside.size }
  }
  const end = Math.min(text.length, Math.max(0, best.start - before) + length)
  const start = Math.max(0, Math.min(best.start - before, end - length))
  const [from, to] = [wordStart(text, start), wordEnd(text, end)]
  return { text: text.slice(from, to), start: offset + from, end: offset + to }
}

/** A cut inside of a word moves to the next one, if it is near. */
function wordStart(text: string, at: number): number {
  if (at === 0) return 0
  const space = /\s+/.exec(text.slice(at, at + 30))
  return space ? at + space.index + space[0].length : at + (isLow(text, at) ? 1 : 0)
}

function wordEnd(text: string, at: number): number {
  if (at === text.length) return at
  const space = text.slice(at - 30, at).search(/\s+\S*$/)
  return space >= 0 ? at - 30 + space : at - (isLow(text, at) ? 1 : 0)
}

/** Whether the second half of a surrogate pair stands there. */
const isLow = (text: string, at: number): boolean => /[\udc00-\udfff]/.test(text[at] ?? '')
