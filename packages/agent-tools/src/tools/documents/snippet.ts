import { termsOf } from './terms.ts'

/** Characters of a snippet. */
const length = 300
/** Of these, how many stand before the first word found. */
const before = 60

/** The part of `text` with the most different ones of `terms` (as `termsOf` gives them). */
export function makeSnippet(text: string, terms: ReadonlySet<string>): string {
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
  return text.slice(wordStart(text, start), wordEnd(text, end))
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
