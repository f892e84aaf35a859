import { describe, expect, test } from 'vitest'
import { readGolden } from '../testing/golden.ts'
import { compileRegex } from './regex.ts'
import { type SplitBehavior, splitText } from './split.ts'

interface SplitCases {
  readonly texts: readonly string[]
  readonly cases: readonly {
    readonly name: string
    readonly pattern: string
    readonly behavior: SplitBehavior
    readonly invert: boolean
    readonly pieces: readonly (readonly string[])[]
  }[]
}

const { texts, cases } = readGolden('splits.json.gz') as SplitCases

describe('pieces are those of the Rust library', () => {
  test.each(cases)('$name $behavior invert=$invert', ({ pattern, behavior, invert, pieces }) => {
    const regex = compileRegex(pattern, 'pattern')
    for (const [index, text] of texts.entries()) {
      const out: string[] = []
      splitText(text, regex, behavior, invert, out)
      expect([text, out]).toEqual([text, pieces[index]])
    }
  })
})

test('an empty match separates and is no piece', () => {
  const out: string[] = []
  splitText('a😀bb', compileRegex('x*', 'pattern'), 'Isolated', false, out)
  expect(out).toEqual(['a', '😀', 'b', 'b'])
})
