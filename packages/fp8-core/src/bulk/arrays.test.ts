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

it('knows the type of the codes where it knows the format, and that a new array has memory of its own', () => {
  expectTypeOf(encodeArray([1], 'e4m3')).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(encodeArray([1], 'bf16')).toEqualTypeOf<Uint16Array<ArrayBuffer>>()
  expectTypeOf(encodeArray([1], 'e4m3', undefined, { rounding: 'up' })).toEqualTypeOf<
    Uint8Array<ArrayBuffer>
  >()
  expectTypeOf(encodeArray([1], 'F8_E4M3' as string)).toEqualTypeOf<
    Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer>
  >()
  const shared = new Uint8Array(new SharedArrayBuffer(1))
  expectTypeOf(encodeArray([1], 'e4m3', shared)).toEqualTypeOf<Uint8Array<SharedArrayBuffer>>()
  expectTypeOf(decodeArray(shared, 'e4m3')).toEqualTypeOf<Float32Array<ArrayBuffer>>()
  expectTypeOf(decodeArray(shared, 'e4m3', new Float64Array(1))).toEqualTypeOf<Float64Array<ArrayBuffer>>()
})

it('handles empty arrays', () => {
  expect(encodeArray([], 'e4m3')).toEqual(new Uint8Array(0))
  expect(decodeArray(new Uint8Array(0), 'e2m1')).toEqual(new Float32Array(0))
})

describe('refuses', () => {
  it.each([
    ['nothing', undefined, /input must be an array of numbers/],
    ['a number', 3, /input must be an array of numbers/],
    ['an ArrayBuffer', new ArrayBuffer(8), /input must be an array of numbers/],
    ['a DataView', new DataView(new ArrayBuffer(8)), /input must be an array of numbers, got 'DataView'/],
    ['BigInts', new BigInt64Array(2), /input must be an array of numbers, got 'BigInt64Array'/],
    ['an endless length', { length: Infinity }, /input must be an array of numbers/],
    ['null, which JSON writes for NaN', [1, null], /input\[1\] must be a number, got null/],
    ['a hole', new Array(1), /input\[0\] must be a number, got undefined/],
    ['rows', [[1, 2]], /input\[0\] must be a number/],
    ['text', ['1'], /input\[0\] must be a number/],
  ])('as input %s', (_, input, message) => {
    const encodeIt = () => encodeArray(input as unknown as number[], 'e4m3')
    expect(encodeIt).toThrow(ArgumentError)
    expect(encodeIt).toThrow(message)
  })

  it('an output of another length', () => {
    expect(() => encodeArray([1, 2], 'e4m3', new Uint8Array(3))).toThrow(LengthError)
    expect(() => decodeArray(new Uint8Array(2), 'e4m3', new Float32Array(1))).toThrow(
      'decodeArray: out must have 2 elements, got 1',
    )
  })

  it('codes of another width, which would read two elements as one', () => {
    expect(() => decodeArray(new Uint8Array(4), 'bf16')).toThrow(ArgumentError)
    expect(() => decodeArray(new Uint16Array(4), 'e4m3')).toThrow(
      /must be a Uint8Array for e4m3, got a Uint16Array/,
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
