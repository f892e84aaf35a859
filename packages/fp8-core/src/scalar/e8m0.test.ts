/**
 * E8M0 (UE8M0) where it is easily wrong: the subnormal float32 at its lower end, exact powers of two, float64. Every
 * boundary by exact arithmetic and what peers say: encode-boundaries.test.ts; NaN, zero and signs: specials.test.ts.
 *
 * Mutations seen red: `up` that also lifts exact powers of two; code 0 treated as a subnormal; ties down; rounding to
 * nearest by default; NaN below 2^-127.
 */
import { expect, it } from 'vitest'
import { golden } from '../golden-file.ts'
import { encode } from './encode.ts'

type Specials = { e8m0: { 'gfloat ties': Record<string, number> } }

it('is exact at 2^-127, where the least float32 step up matters only to `up` and `to-odd`', () => {
  const above = 2 ** -127 * (1 + 2 ** -22)
  expect(encode(2 ** -127, 'e8m0', { rounding: 'up' })).toBe(0)
  expect(encode(above, 'e8m0', { rounding: 'up' })).toBe(1)
  expect(encode(above, 'e8m0', { rounding: 'to-odd' })).toBe(1)
  expect(encode(above, 'e8m0', { rounding: 'nearest' })).toBe(0)
  expect(encode(1.5 * 2 ** -127, 'e8m0', { rounding: 'nearest' })).toBe(1)
  expect(encode(1.5 * 2 ** -127, 'e8m0', { rounding: 'down' })).toBe(0)
})

it('takes every power of two from 2^-1074 to 2^1023 to itself, or to the nearer end', () => {
  for (let exponent = -1074; exponent < 1024; exponent++) {
    for (const rounding of ['up', 'nearest', 'toward-zero', 'to-odd'] as const) {
      const code = encode(2 ** exponent, 'e8m0', { rounding, overflow: 'saturate' })
      expect(code).toBe(Math.min(Math.max(exponent, -127), 127) + 127)
    }
  }
})

it('reads float64 without narrowing it: just above a power of two is above it', () => {
  expect(encode(1 + 2 ** -52, 'e8m0')).toBe(128)
  expect(encode(1.5 - 2 ** -52, 'e8m0', { rounding: 'nearest' })).toBe(127)
})

it('sends ties up, as torch, ml_dtypes and ONNX do; gfloat sends them to the even code', () => {
  for (const exponent of [-126, -1, 0, 1, 126]) {
    expect(encode(1.5 * 2 ** exponent, 'e8m0', { rounding: 'nearest' })).toBe(exponent + 128)
  }
  expect(Object.entries(golden<Specials>('specials.json').e8m0['gfloat ties'])).toEqual([
    ['0.75', 126],
    ['1.5', 128],
    ['3.0', 128],
    ['6.0', 130],
  ])
})
