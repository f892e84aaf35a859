/**
 * The 16-bit conversions by name against the generic ones, which are tested against ml_dtypes and torch.
 *
 * Mutations seen red, all in bf16: ties up; truncation; the NaN check left out (a NaN then rounds to Infinity).
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LengthError } from '../errors.ts'
import { firstDifferences } from '../golden-file.ts'
import { decodeArray, encodeArray } from './arrays.ts'
import { bf16ToF32Array, f16ToF32Array, f32ToBf16Array, f32ToF16Array } from './half-precision.ts'

const all = Uint16Array.from({ length: 65_536 }, (_, code) => code)

it('widens all codes', () => {
  expect(firstDifferences(bf16ToF32Array(all), decodeArray(all, 'bf16'))).toEqual([])
  expect(firstDifferences(f16ToF32Array(all), decodeArray(all, 'f16'))).toEqual([])
})

it('narrows float32 at and beside every bf16 tie as the generic encoder does', () => {
  const bits = Uint32Array.from(
    { length: 4 * 65_536 },
    (_, i) => ((i >>> 2) << 16) | [0, 0x7fff, 0x8000, 0x8001][i & 3]!,
  )
  const inputs = new Float32Array(bits.buffer)
  expect(firstDifferences(f32ToBf16Array(inputs), encodeArray(inputs, 'bf16'))).toEqual([])
})

it('narrows any float32 bits as the generic encoder does', () => {
  fc.assert(
    fc.property(fc.uint32Array({ minLength: 1, maxLength: 50 }), (bits) => {
      const inputs = new Float32Array(bits.slice().buffer)
      expect(firstDifferences(f32ToBf16Array(inputs), encodeArray(inputs, 'bf16'))).toEqual([])
      expect(firstDifferences(f32ToF16Array(inputs), encodeArray(inputs, 'f16'))).toEqual([])
    }),
  )
})

describe('out', () => {
  it('is written where it is given', () => {
    const wide = new Float32Array(4)
    const narrow = new Uint16Array(4)
    expect(bf16ToF32Array(new Uint16Array([0x3f80]), wide.subarray(1, 2))).toEqual(new Float32Array([1]))
    expect(f16ToF32Array(new Uint16Array([0x4000]), wide.subarray(2, 3))).toEqual(new Float32Array([2]))
    f32ToBf16Array(new Float32Array([1]), narrow.subarray(1, 2))
    f32ToF16Array(new Float32Array([2]), narrow.subarray(2, 3))
    expect([[...wide], [...narrow]]).toEqual([
      [0, 1, 2, 0],
      [0, 0x3f80, 0x4000, 0],
    ])
  })

  it('must have the length of the input', () => {
    expect(() => bf16ToF32Array(all, new Float32Array(1))).toThrow(LengthError)
    expect(() => f32ToBf16Array(new Float32Array(2), new Uint16Array(1))).toThrow(LengthError)
    expect(() => f16ToF32Array(all, new Float32Array(1))).toThrow(LengthError)
    expect(() => f32ToF16Array(new Float32Array(2), new Uint16Array(1))).toThrow(LengthError)
  })
})
