/**
 * Steps between values against `nextafter` of ml_dtypes and numpy, which walk where we subtract ranks.
 *
 * Mutations seen red: 0 and -0 as two steps; the sign bit of float32 left in; numbers rounded instead of refused; NaN
 * refused; a comparison that hides NaN; values unsorted.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, LengthError, UnknownFormatError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import { golden, sha256 } from '../golden-file.ts'
import { values } from '../scalar/decode.ts'
import { maxUlpDistance, ulpDistance } from './ulp-distance.ts'

const data = golden<{
  walks: Record<string, { steps: number; float32Sha256: string }>
  float32Steps: [a: number, b: number, steps: number][]
}>('metrics.json')

/** Without NaN, ascending, 0 and -0 once. */
function line(format: string): number[] {
  const found = new Set([...values(format)].filter((value) => !Number.isNaN(value)).map((value) => value + 0))
  return [...found].sort((a, b) => a - b)
}

it.each(Object.entries(data.walks))('counts the steps of nextafter over all of %s', (format, expected) => {
  const walked = line(format)
  expect(sha256(Float32Array.from(walked))).toBe(expected.float32Sha256)
  expect(ulpDistance(walked[0]!, walked.at(-1)!, format)).toBe(expected.steps)
  const wrong = walked.findIndex((value, i) => ulpDistance(walked[0]!, value, format) !== i)
  expect(wrong).toBe(-1)
})

it('counts the steps of nextafter over float32', () => {
  for (const [a, b, steps] of data.float32Steps) {
    expect(ulpDistance(a, b, 'f32')).toBe(steps)
    expect(ulpDistance(-a, -b, 'f32')).toBe(steps)
  }
})

describe.each([...Object.keys(formats), 'p3109_k6p3se'])('in %s', (format) => {
  const all = line(format)
  const value = fc.constantFrom(...all)

  it('is a distance on the line of values', () => {
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        const [ab, ac, bc] = [ulpDistance(a, b, format), ulpDistance(a, c, format), ulpDistance(b, c, format)]
        expect(ab).toBe(Math.abs(all.indexOf(a) - all.indexOf(b)))
        expect(ulpDistance(b, a, format)).toBe(ab)
        expect(ac).toBeLessThanOrEqual(ab + bc)
      }),
    )
  })
})

it('takes -0 for 0, and goes through it in one step', () => {
  expect(ulpDistance(-0, 0, 'e4m3')).toBe(0)
  expect(ulpDistance(-(2 ** -9), 2 ** -9, 'e4m3')).toBe(2)
  expect(ulpDistance(-0, 0, 'f32')).toBe(0)
  expect(ulpDistance(-(2 ** -149), 2 ** -149, 'f32')).toBe(2)
})

it('has infinity one step above the largest value', () => {
  expect(ulpDistance(57344, Infinity, 'e5m2')).toBe(1)
  expect(ulpDistance(3.4028234663852886e38, Infinity, 'f32')).toBe(1)
  expect(ulpDistance(-Infinity, -Infinity, 'f32')).toBe(0)
})

it('gives NaN for NaN, and does not hide one in an array', () => {
  for (const format of ['e4m3', 'e2m1', 'f32']) {
    expect(ulpDistance(NaN, 1, format)).toBeNaN()
    expect(ulpDistance(1, NaN, format)).toBeNaN()
    expect(ulpDistance(NaN, NaN, format)).toBeNaN()
    expect(maxUlpDistance([1, NaN, 1], [1, 1, 6], format)).toBeNaN()
  }
})

it('finds the greatest distance of two arrays', () => {
  expect(maxUlpDistance([1, 1, 2], [1, 1.25, 1.75], 'e4m3')).toBe(2)
  expect(maxUlpDistance(Float32Array.of(1, -1), Float32Array.of(1 + 2 ** -22, -1), 'f32')).toBe(2)
  expect(maxUlpDistance([], [], 'f32')).toBe(0)
})

describe('refuses', () => {
  it.each([
    ['e4m3', 1.01],
    ['e4m3', 449],
    ['e4m3', Infinity],
    ['e8m0', 0],
    ['e8m0', -1],
    ['mxint8', 2],
    ['f32', 0.1],
    ['f32', 1e39],
  ])('in %s the number %d, which is none of its values', (format, value) => {
    const good = format === 'e8m0' ? 1 : 0
    const facts = { name: 'ArgumentError', argument: 'b', got: String(value) }
    expect(() => ulpDistance(good, value, format)).toThrow(expect.objectContaining(facts))
    expect(() => ulpDistance(value, good, format)).toThrow(expect.objectContaining({ argument: 'a' }))
    expect(() => maxUlpDistance([good], [value], format)).toThrow(ArgumentError)
  })

  it('unknown formats and different lengths', () => {
    expect(() => ulpDistance(1, 1, 'f64')).toThrow(UnknownFormatError)
    expect(() => maxUlpDistance([1], [], 'f32')).toThrow(LengthError)
  })
})
