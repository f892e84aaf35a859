import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readGolden } from '../testing/golden.ts'
import { ChatError } from './chat-error.ts'
import { pythonJson } from './python-json.ts'

test('writes what json.dumps writes', () => {
  const texts = readGolden('python-json.json.gz') as string[]
  expect(texts.length).toBeGreaterThan(300)
  for (const text of texts) expect(pythonJson(JSON.parse(text))).toBe(text)
})

test('is JSON of the same value, in ASCII', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = pythonJson(value)
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
      expect(text).toMatch(/^[ -~]*$/)
    }),
  )
})

test('leaves undefined properties out and refuses what JSON cannot hold', () => {
  expect(pythonJson({ a: undefined, b: 1 })).toBe('{"b": 1}')
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, () => 0, [undefined], 10n, Symbol('x')]) {
    expect(() => pythonJson({ value })).toThrow(ChatError)
  }
})
