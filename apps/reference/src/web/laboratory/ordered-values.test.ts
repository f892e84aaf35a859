import { decode, formats, values } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { indexFrom, orderedValues } from './ordered-values.ts'

test.each(Object.values(formats))('$name: every number once, ascending, with its code', (format) => {
  const ordered = orderedValues(format)
  const numbers = new Set(values(format))
  numbers.delete(NaN)
  expect(ordered.values.length).toBe(numbers.size)
  const wrong = [...ordered.values].filter((value, i) => {
    const rises = i === 0 || value > ordered.values[i - 1]!
    return !rises || decode(ordered.codes[i]!, format) !== value || indexFrom(ordered, value) !== i
  })
  expect(wrong).toEqual([])
  expect(ordered.values[ordered.lastFinite]).toBe(format.max)
  const least = { 'sign-magnitude': -format.max, 'twos-complement': -2, none: format.minNormal }
  expect(ordered.values[ordered.firstFinite]).toBe(least[format.negatives])
})

test('zero has the code of +0, and a value between two is before the second', () => {
  const ordered = orderedValues(formats.e4m3)
  expect(ordered.codes[indexFrom(ordered, 0)]).toBe(0)
  expect(ordered.values[indexFrom(ordered, 0.3)]).toBe(0.3125)
  expect(indexFrom(ordered, 449)).toBe(ordered.values.length)
})
