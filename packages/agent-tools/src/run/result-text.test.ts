import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resultText, truncateMiddle } from './result-text.ts'

test.each<[unknown, string]>([
  ['text', 'text'],
  ['', ''],
  ['half \ud83d', 'half \ufffd'],
  [undefined, '(no output)'],
  [null, 'null'],
  [0, '0'],
  [{ a: [1, undefined] }, '{"a":[1,null]}'],
  [new Date(0), '"1970-01-01T00:00:00.000Z"'],
])('%j is shown as %j', (value, text) => {
  expect(resultText(value)).toBe(text)
})

test('what is left out is counted, what is kept is the beginning and the end', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '😀'), maxLength: 1000 })
  fc.assert(
    fc.property(text, fc.integer({ min: 100, max: 300 }), (whole, limit) => {
      const cut = truncateMiddle(whole, limit)
      expect(cut.length).toBeLessThanOrEqual(limit)
      expect(cut.isWellFormed()).toBe(true)
      const parts = /^(.*)\n\[\.\.\. (\d+) characters left out \.\.\.\]\n(.*)$/s.exec(cut)
      if (whole.length <= limit) {
        expect(cut).toBe(whole)
        return
      }
      const [, head = '', count, tail = ''] = parts ?? []
      expect(head.length + Number(count) + tail.length).toBe(whole.length)
      // A pair that was cut in two shows as a replacement character.
      expect(whole.startsWith(head.replace(/\ufffd$/, ''))).toBe(true)
      expect(whole.endsWith(tail.replace(/^\ufffd/, ''))).toBe(true)
    }),
  )
})
