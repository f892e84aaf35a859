import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dtypes } from './dtype.ts'
import { ArgumentError, ShapeError } from './errors.ts'
import { byteLength, numel, reshape, rows, shapeText, tensor } from './views.ts'

const buffer = { bytes: 96, label: 'buffer' }

test('numbers of elements and bytes', () => {
  expect(numel([])).toBe(1)
  expect(numel([3, 4])).toBe(12)
  expect(byteLength({ dtype: 'bf16', shape: [3, 4] })).toBe(24)
  expect(shapeText([3, 4])).toBe('[3, 4]')
  for (const { bytes } of Object.values(dtypes)) expect([1, 2, 4]).toContain(bytes)
})

describe('tensor', () => {
  test('in its buffer', () => {
    expect(tensor(buffer, 'f32', [4, 6])).toEqual({ buffer, dtype: 'f32', shape: [4, 6], offset: 0 })
    expect(tensor(buffer, 'u8', [1], 95).offset).toBe(95)
  })

  test.each([
    [[4, 7], 0, ArgumentError],
    [[4, 6], 4, ArgumentError],
    [[1], 2, ArgumentError],
    [[1], -4, ArgumentError],
    [[1], 0.5, ArgumentError],
    [[1], Number.NaN, ArgumentError],
    [[2 ** 40, 2 ** 40], 0, ArgumentError],
    [[-1, -1], 0, ShapeError],
    [[1.5], 0, ShapeError],
    [[2 ** 60], 0, ShapeError],
  ])('%j at %d is refused', (shape, offset, error) => {
    expect(() => tensor(buffer, 'f32', shape, offset)).toThrow(error)
  })
})

describe('rows', () => {
  test('lie where the elements lie', () => {
    const t = tensor(buffer, 'f32', [4, 3, 2])
    expect(rows(t, 1, 2)).toMatchObject({ shape: [2, 3, 2], offset: 24 })
    expect(rows(rows(t, 1, 3), 2, 1)).toMatchObject({ shape: [1, 3, 2], offset: 72 })
  })

  test('any slice of rows is inside the tensor or refused', () => {
    const t = tensor(buffer, 'f16', [8, 6])
    const number = fc.oneof(fc.integer({ min: -2, max: 10 }), fc.double())
    fc.assert(
      fc.property(number, number, (start, count) => {
        const inside = [start, count, start + count].every((n) => Number.isInteger(n) && n >= 0 && n <= 8)
        if (!inside) {
          expect(() => rows(t, start, count)).toThrow(ArgumentError)
          return
        }
        const view = rows(t, start, count)
        expect([view.offset + 0, view.offset + byteLength(view) + 0]).toEqual([
          12 * start + 0,
          12 * (start + count) + 0,
        ])
      }),
    )
  })

  test('of a scalar are refused', () => {
    expect(() => rows(tensor(buffer, 'f32', []), 0, 1)).toThrow(ArgumentError)
  })
})

test('reshape keeps the number of elements', () => {
  const t = tensor(buffer, 'f32', [4, 6])
  expect(reshape(t, [2, 12])).toMatchObject({ shape: [2, 12], offset: 0 })
  expect(() => reshape(t, [5, 5])).toThrow('buffer must have shape of 24 elements, got [5, 5]')
  expect(() => reshape(t, [-4, -6])).toThrow(ShapeError)
})
