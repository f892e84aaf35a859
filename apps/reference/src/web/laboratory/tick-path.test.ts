import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeLabels, tickPath } from './tick-path.ts'

test('one stroke for each half pixel', () => {
  expect(tickPath([1, 1.1, 1.6, 9], 2, 8)).toBe('M1 2V8M1.5 2V8M9 2V8')
  expect(
    tickPath(
      Array.from({ length: 65536 }, (_, i) => i / 200),
      0,
      1,
    ).match(/M/g),
  ).toHaveLength(656)
})

test('labels are inside, do not touch, and the first one wished for is there', () => {
  const wish = fc.record({
    x: fc.double({ min: 0, max: 400, noNaN: true }),
    text: fc.string({ minLength: 1, maxLength: 12 }),
  })
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1 }), (wishes) => {
      const labels = placeLabels(wishes, 400)
      expect(labels[0]?.text).toBe(wishes[0]?.text)
      const spans = labels.map(({ x, text, anchor }) => {
        const length = text.length * 6.7
        const from = x - length * { start: 0, middle: 0.5, end: 1 }[anchor]
        return { from, to: from + length }
      })
      spans.sort((a, b) => a.from - b.from)
      for (const [i, { from, to }] of spans.entries()) {
        expect(from).toBeGreaterThan(-0.1)
        expect(to).toBeLessThan(400.1)
        if (i > 0) expect(from - spans[i - 1]!.to).toBeGreaterThan(9.9)
      }
    }),
  )
})
