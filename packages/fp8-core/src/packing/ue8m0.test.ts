/**
 * Packed UE8M0 scales against a description of DeepGEMM's reference in numpy.
 *
 * Mutations seen red: bytes big-endian; rows not aligned; K or the blocks of rows by floor; padding not cleared; 0,
 * infinity, a sign or low mantissa bits let through; byte 0 as 0, byte 255 as infinity; no repeated rows; row and column
 * exchanged; negative shapes or products beyond 2^53 let through.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, BlockScaleError, LengthError } from '../errors.ts'
import { sha256 } from '../golden-file.ts'
import { decode } from '../scalar/decode.ts'
import { goldenPacking, hashed } from './golden-packing.ts'
import { packUe8m0, unpackUe8m0 } from './ue8m0.ts'

describe.each(goldenPacking.ue8m0)('$shape, $rowsPerScale rows per scale', (expected) => {
  const { shape, rowsPerScale } = expected
  const [rows, columns] = shape
  const exponents = hashed(Math.ceil(rows / rowsPerScale) * columns, 254)
  const scales = Float32Array.from(exponents, (exponent) => 2 ** (exponent - 126))
  const packed = packUe8m0(scales, shape, undefined, { rowsPerScale })

  it('lies as DeepGEMM has it, padding included', () => {
    expect(sha256(scales)).toBe(expected.scalesSha256)
    expect(expected.strides).toEqual([1, Math.ceil(rows / 4) * 4])
    expect(packed).toHaveLength(expected.length)
    expect(sha256(packed)).toBe(expected.sha256)
  })

  it('unpacks to one row of scales for each row', () => {
    const back = unpackUe8m0(packed, shape)
    const wanted = Float32Array.from(back, (_, i) => {
      const row = Math.floor(Math.floor(i / columns) / rowsPerScale)
      return scales[row * columns + (i % columns)]!
    })
    expect(back).toEqual(wanted)
  })
})

it('is little-endian along K, and column after column', () => {
  // Two rows, five columns: codes 127 .. 131 and 1, 254, 1, 1, 2.
  const scales = Float32Array.of(1, 2, 4, 8, 16, 2 ** -126, 2 ** 127, 2 ** -126, 2 ** -126, 2 ** -125)
  const packed = [...packUe8m0(scales, [2, 5])].map((word) => (word >>> 0).toString(16))
  expect(packed).toEqual(['8281807f', '101fe01', '0', '0', '83', '2', '0', '0'])
})

it('goes there and back for any shape', () => {
  const matrix = fc
    .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 }))
    .chain(([rows, columns]) =>
      fc.tuple(
        fc.constant([rows, columns] as const),
        fc.array(fc.integer({ min: -126, max: 127 }), {
          minLength: rows * columns,
          maxLength: rows * columns,
        }),
      ),
    )
  fc.assert(
    fc.property(matrix, ([shape, exponents]) => {
      const scales = Float32Array.from(exponents, (exponent) => 2 ** exponent)
      const out = new Int32Array(Math.ceil(shape[1] / 4) * Math.ceil(shape[0] / 4) * 4).fill(-1)
      expect(packUe8m0(scales, shape, out)).toBe(out)
      expect(out).toEqual(packUe8m0(scales, shape))
      const back = new Float32Array(scales.length).fill(NaN)
      expect(unpackUe8m0(out, shape, back)).toBe(back)
      expect(back).toEqual(scales)
    }),
  )
})

it('unpacks every byte as UE8M0', () => {
  for (let byte = 0; byte < 256; byte++) {
    const [scale] = unpackUe8m0(Int32Array.of(byte, 0, 0, 0), [1, 1])
    expect(scale).toBe(decode(byte, 'e8m0'))
  }
})

describe('refuses', () => {
  it.each([0.3, 3, -2, -0, 0, NaN, Infinity, 2 ** -127, 2 ** -149, 1 + 2 ** -23])(
    'the scale %d, with its place, before anything is written',
    (value) => {
      const scales = new Float32Array(12).fill(1)
      scales[7] = value
      const out = new Int32Array(8).fill(-1)
      expect(() => packUe8m0(scales, [6, 4], out, { rowsPerScale: 2 })).toThrow(
        expect.objectContaining({ name: 'BlockScaleError', row: 1, column: 3, value: Math.fround(value) }),
      )
      expect(out).toEqual(new Int32Array(8).fill(-1))
    },
  )

  it('says which powers fit', () => {
    expect(() => packUe8m0(Float32Array.of(3), [1, 1])).toThrow(
      'the scale of block [0, 0] must be a power of two of 2^-126 .. 2^127',
    )
    expect(() => packUe8m0(Float32Array.of(3), [1, 1])).toThrow(BlockScaleError)
  })

  it('arrays that do not fit the shape', () => {
    const scales = new Float32Array(12).fill(1)
    expect(() => packUe8m0(scales, [3, 5])).toThrow(LengthError)
    expect(() => packUe8m0(scales, [3, 4], undefined, { rowsPerScale: 2 })).toThrow(LengthError)
    expect(() => packUe8m0(scales, [3, 4], new Int32Array(3))).toThrow(LengthError)
    expect(() => unpackUe8m0(new Int32Array(3), [3, 4])).toThrow(LengthError)
    expect(() => unpackUe8m0(new Int32Array(4), [3, 4], new Float32Array(11))).toThrow(LengthError)
  })

  it('bad shapes and options', () => {
    for (const shape of [
      [-1, 1],
      [1.5, 2],
      [NaN, 1],
      [2 ** 40, 2 ** 40],
    ] as [number, number][]) {
      expect(() => packUe8m0(new Float32Array(1), shape)).toThrow(ArgumentError)
      expect(() => unpackUe8m0(new Int32Array(1), shape)).toThrow(ArgumentError)
    }
    for (const rowsPerScale of [0, -1, 1.5, NaN, 129]) {
      expect(() => packUe8m0(new Float32Array(1), [1, 1], undefined, { rowsPerScale })).toThrow(ArgumentError)
    }
  })
})

it('takes matrices of nothing, however long', () => {
  for (const shape of [
    [0, 2 ** 53 - 1],
    [2 ** 53 - 1, 0],
    [0, 0],
  ] as const) {
    expect(packUe8m0(new Float32Array(0), shape)).toHaveLength(0)
    expect(unpackUe8m0(new Int32Array(0), shape)).toHaveLength(0)
  }
})
