import { formats } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { describeRounding } from './describe-rounding.ts'
import { lineView } from './line-view.ts'
import { labelWishes, lineText } from './line-words.ts'

const { e4m3, f16, e8m0 } = formats

test('near a number: five numbers of the format on each side of the rounded one', () => {
  const view = lineView('near', e4m3, 0.3, 0.3125)
  expect([...view.ticks]).toEqual([
    0.203125, 0.21875, 0.234375, 0.25, 0.28125, 0.3125, 0.34375, 0.375, 0.40625, 0.4375, 0.46875,
  ])
  expect([view.low, view.high]).toEqual([0.203125, 0.46875])
})

test('at an end of the format there are fewer', () => {
  expect([...lineView('near', e4m3, 448, 448).ticks]).toEqual([288, 320, 352, 384, 416, 448])
  expect([...lineView('near', e8m0, 0, 2 ** -127).ticks].length).toBe(6)
})

test('a number a little outside stretches the line, one far outside does not', () => {
  expect(lineView('near', e4m3, 465, 448).high).toBe(465)
  expect(lineView('near', e4m3, 1e30, 448).high).toBe(448)
  expect(lineView('near', e4m3, -Infinity, -448).low).toBe(-448)
})

test.each([
  [Infinity, Infinity, 65504],
  [-Infinity, -Infinity, -65504],
  [1e30, NaN, 65504],
  [-1e30, undefined, -65504],
])('%s that became %s is shown at the end it is next to', (number, rounded, end) => {
  expect([...lineView('near', f16, number, rounded).ticks]).toContain(end)
})

test('NaN shows the middle', () => {
  expect([...lineView('near', e4m3, NaN, NaN).ticks]).toContain(0)
})

test('the whole format: all its finite numbers', () => {
  expect(lineView('whole', f16, 0, 0).ticks.length).toBe(2 * 0x7c00 - 1)
  expect(lineView('whole', e4m3, 0, 0).ticks.length).toBe(253)
})

test('labels begin with the rounded value and go outward', () => {
  const view = lineView('near', e4m3, 0.3, 0.3125)
  expect(
    labelWishes('near', view, e4m3, 0.3125)
      .slice(0, 3)
      .map(({ text }) => text),
  ).toEqual(['0.3125', '0.28125', '0.34375'])
})

test('landmarks of the whole are those that the format has', () => {
  const wishes = labelWishes('whole', lineView('whole', e8m0, 4, 4), e8m0, 4)
  expect(wishes.map(({ text }) => text)).toEqual(['4', '2⁻¹²⁷', '2¹²⁷', '1'])
})

test('the text alternative', () => {
  const view = lineView('near', e4m3, 0.3, 0.3125)
  expect(lineText(describeRounding({ value: 0.3 }, e4m3, {}), 'linear', 'near', view)).toBe(
    'Number line of e4m3, linear: 11 numbers from 0.203125 to 0.46875. 0.3 becomes 0.3125.',
  )
})
