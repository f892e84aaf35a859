import { describe, expect, expectTypeOf, it } from 'vitest'
import { ArgumentError, CodeError, LengthError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import { firstDifferences } from '../golden-file.ts'
import { decode, values } from '../scalar/decode.ts'
import { encode } from '../scalar/encode.ts'
import { decodeArray, encodeArray } from './arrays.ts'

const numbers = [0, -0, 1, -1.3, 3.3, 448, 1e9, -1e-9, 2 ** -140, 0.1 + 2 ** -40]

describe.each(Object.values(formats))('$name', (row) => {
  it('encodes each element as encode does, from any array of numbers', () => {
    const expected = numbers.map((value) => encode(value, row))
    expect([...encodeArray(numbers, row)]).toEqual(expected)
    expect([...encodeArray(Float64Array.from(numbers), row)]).toEqual(expected)
  })

  it('decodes each code as decode does, into float32 or float64', () => {
    const all = Array.from({ length: 2 ** row.bits }, (_, code) => code)
    const codes = row.bits > 8 ? Uint16Array.from(all) : Uint8Array.from(all)
    expect(firstDifferences(decodeArray(codes, row), values(row))).toEqual([])
    expect(firstDifferences(decodeArray(codes, row, new Float64Array(codes.length)), values(row))).toEqual([])
  })
})

it('writes into `out`, also over part of a larger buffer and over shared memory', () => {
  const memory = new Uint8Array(new SharedArrayBuffer(8)).fill(0xaa)
  const out = memory.subarray(2, 5)
  expect(encodeArray([1, 2, 3], 'e4m3', out)).toBe(out)
  expect([...memory]).toEqual([0xaa, 0xaa, 0x38, 0x40, 0x44, 0xaa, 0xaa, 0xaa])
  const back = new Float32Array(3)
  expect(decodeArray(out, 'e4m3', back)).toBe(back)
  expect([...back]).toEqual([1, 2, 3])
})

it('knows the type of the codes where it knows the format', () => {
  expectTypeOf(encodeArray([1], 'e4m3')).toEqualTypeOf<Uint8Array>()
  expectTypeOf(encodeArray([1], 'bf16')).toEqualTypeOf<Uint16Array>()
  expectTypeOf(encodeArray([1], 'F8_E4M3' as string)).toEqualTypeOf<Uint8Array | Uint16Array>()
})

it('handles empty arrays', () => {
  expect(encodeArray([], 'e4m3')).toEqual(new Uint8Array(0))
  expect(decodeArray(new Uint8Array(0), 'e2m1')).toEqual(new Float32Array(0))
})

describe('refuses', () => {
  it('an output of another length', () => {
    expect(() => encodeArray([1, 2], 'e4m3', new Uint8Array(3))).toThrow(LengthError)
    expect(() => decodeArray(new Uint8Array(2), 'e4m3', new Float32Array(1))).toThrow(
      'decodeArray: out must have 2 elements, got 1',
    )
  })

  it('codes of another width, which would read two elements as one', () => {
    expect(() => decodeArray(new Uint8Array(4), 'bf16')).toThrow(ArgumentError)
    expect(() => decodeArray(new Uint16Array(4), 'e4m3')).toThrow(
      /must be a Uint8Array for e4m3, got Uint16Array/,
    )
    expect(() => encodeArray([1], 'f16', new Uint8Array(1) as unknown as Uint16Array)).toThrow(ArgumentError)
  })

  it('a byte with bits above a 4- or 6-bit code, such as two packed FP4 numbers, and leaves `out` alone', () => {
    const out = new Float32Array(2)
    expect(() => decodeArray(new Uint8Array([3, 0x31]), 'e2m1', out)).toThrow(CodeError)
    expect([...out]).toEqual([0, 0])
    expect(decode(3, 'e2m1')).toBe(1.5)
  })
})
