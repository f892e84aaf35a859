/**
 * The bit stream of FP6 codes against onnx.
 *
 * Mutations seen red: one shift wrong; most significant first; a mask one bit short; the length by floor or in whole triples;
 * the last one to three codes dropped or not masked.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ArgumentError, CodeError, LengthError } from '../errors.ts'
import { sha256 } from '../golden-file.ts'
import { packFp6, unpackFp6 } from './fp6.ts'
import { goldenPacking, hashed } from './golden-packing.ts'

it('packs and unpacks as onnx does, every remainder of four', () => {
  for (const { count, bytes, sha256: expected } of goldenPacking.fp6) {
    const codes = hashed(count, 64)
    const packed = packFp6(codes)
    expect(packed).toHaveLength(bytes)
    expect(sha256(packed)).toBe(expected)
    expect(unpackFp6(packed, count)).toEqual(codes)
  }
})

it('is the stream of its bits', () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 0, max: 63, maxLength: 40 }), (codes) => {
      const stream = [...codes].flatMap((code) => Array.from({ length: 6 }, (_, bit) => (code >> bit) & 1))
      const packed = packFp6(codes)
      expect(packed).toHaveLength(Math.ceil(stream.length / 8))
      for (const [i, byte] of packed.entries()) {
        for (let bit = 0; bit < 8; bit++) expect((byte >> bit) & 1).toBe(stream[8 * i + bit] ?? 0)
      }
      expect(unpackFp6(packed, codes.length)).toEqual(codes)
    }),
  )
})

it('writes into the array of the caller, whatever it held', () => {
  const codes = hashed(7, 64)
  const out = new Uint8Array(6).fill(255)
  expect(packFp6(codes, out)).toBe(out)
  expect(out).toEqual(packFp6(codes))
  const back = new Uint8Array(7).fill(255)
  expect(unpackFp6(out, 7, back)).toBe(back)
  expect(back).toEqual(codes)
})

it('does not look at the bits left over', () => {
  expect(unpackFp6(Uint8Array.of(0xff), 1)).toEqual(Uint8Array.of(63))
})

it('refuses wide codes, lengths that do not go with the count, and counts that are none', () => {
  const wide = new CodeError({ format: 'fp6', code: 64, bits: 6, index: 1 })
  expect(() => packFp6(Uint8Array.of(63, 64))).toThrow(wide)
  expect(() => packFp6(new Uint8Array(4), new Uint8Array(4))).toThrow(LengthError)
  for (const length of [2, 4]) expect(() => unpackFp6(new Uint8Array(length), 4)).toThrow(LengthError)
  expect(() => unpackFp6(new Uint8Array(3), 4, new Uint8Array(3))).toThrow(LengthError)
  for (const count of [-1, 1.5, NaN, Infinity, 2 ** 53]) {
    expect(() => unpackFp6(new Uint8Array(3), count)).toThrow(ArgumentError)
  }
})
