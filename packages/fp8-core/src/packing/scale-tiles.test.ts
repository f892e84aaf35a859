/**
 * Scale tiles against torchao's `to_blocked`.
 *
 * Mutations seen red: row-major within a tile; 16 and 32 exchanged; tiles of rows or of columns by floor; padding not
 * cleared.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, LengthError } from '../errors.ts'
import { sha256 } from '../golden-file.ts'
import { goldenPacking, hashed } from './golden-packing.ts'
import { packScaleTiles, unpackScaleTiles } from './scale-tiles.ts'

it.each(goldenPacking.scaleTiles)('rearranges $shape as torchao does, padding included', (expected) => {
  const { shape, length } = expected
  const scales = hashed(shape[0] * shape[1], 255)
  const tiles = packScaleTiles(scales, shape)
  expect(tiles).toHaveLength(length)
  expect(sha256(tiles)).toBe(expected.sha256)
  expect(unpackScaleTiles(tiles, shape)).toEqual(scales)
})

it('has row r, column c of a tile at 16 (r mod 32) + 4 floor(r / 32) + c', () => {
  const places = new Set<number>()
  for (let row = 0; row < 128; row++) {
    for (let column = 0; column < 4; column++) {
      const scales = new Uint8Array(512)
      scales[4 * row + column] = 1
      const at = packScaleTiles(scales, [128, 4]).indexOf(1)
      expect(at).toBe(16 * (row % 32) + 4 * Math.floor(row / 32) + column)
      places.add(at)
    }
  }
  expect(places.size).toBe(512)
})

it('goes there and back, into the array of the caller whatever it held', () => {
  const shape = fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 11 }))
  fc.assert(
    fc.property(shape, ([rows, columns]) => {
      const scales = hashed(rows * columns, 256)
      const tiles = new Uint8Array(512 * Math.ceil(rows / 128) * Math.ceil(columns / 4)).fill(0xaa)
      expect(packScaleTiles(scales, [rows, columns], tiles)).toBe(tiles)
      expect(tiles).toEqual(packScaleTiles(scales, [rows, columns]))
      const back = new Uint8Array(scales.length).fill(0xaa)
      expect(unpackScaleTiles(tiles, [rows, columns], back)).toBe(back)
      expect(back).toEqual(scales)
    }),
  )
})

describe('refuses', () => {
  it('arrays that do not fit the shape', () => {
    expect(() => packScaleTiles(new Uint8Array(5), [2, 3])).toThrow(LengthError)
    expect(() => packScaleTiles(new Uint8Array(6), [2, 3], new Uint8Array(511))).toThrow(LengthError)
    expect(() => unpackScaleTiles(new Uint8Array(1024), [2, 3])).toThrow(LengthError)
    expect(() => unpackScaleTiles(new Uint8Array(512), [2, 3], new Uint8Array(5))).toThrow(LengthError)
  })

  it('bad shapes', () => {
    for (const shape of [[-1, 1], [1, 0.5], [NaN, 1], [1]] as unknown as [number, number][]) {
      expect(() => packScaleTiles(new Uint8Array(1), shape)).toThrow(ArgumentError)
      expect(() => unpackScaleTiles(new Uint8Array(1), shape)).toThrow(ArgumentError)
    }
  })
})
