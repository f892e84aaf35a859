/** Named classes of characters. */
import type { Range } from '../grammar.ts'
import { complement } from '../utf8.ts'

const DIGITS: readonly Range[] = [[0x30, 0x39]]
const WORD: readonly Range[] = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
const SPACE: readonly Range[] = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]

/** Classes by the letter behind a backslash. */
export const LETTERS: Readonly<Record<string, readonly Range[]>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
}

/** Control characters by the letter behind a backslash. */
export const ESCAPED: Readonly<Record<string, number>> = { f: 12, n: 10, r: 13, t: 9, v: 11 }

const MOST_KEPT = 64
const kept = new Map<string, readonly Range[] | undefined>()

/** The code points with a property such as `L` or `Script=Greek`, by the tables of the JavaScript engine. */
export function property(name: string): readonly Range[] | undefined {
  if (kept.has(name)) return kept.get(name)
  if (kept.size >= MOST_KEPT) kept.clear()
  const ranges = findProperty(name)
  kept.set(name, ranges)
  return ranges
}

function findProperty(name: string): readonly Range[] | undefined {
  let test: RegExp
  try {
    test = new RegExp(`\\p{${name}}`, 'u')
  } catch {
    return undefined
  }
  const ranges: Range[] = []
  let from = -1
  for (let point = 0; point <= 0x110000; point++) {
    const has = point <= 0x10ffff && (point & 0x1ff800) !== 0xd800 && test.test(String.fromCodePoint(point))
    if (has && from < 0) from = point
    else if (!has && from >= 0) {
      ranges.push([from, point - 1])
      from = -1
    }
  }
  return ranges
}
