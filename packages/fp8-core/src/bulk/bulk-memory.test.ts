/** What bulk conversion does with memory: kinds of arrays, odd lengths and offsets, overlap, what is left on an error. */
import { describe, expect, it } from 'vitest'
import { ArgumentError, CodeError, LengthError, UnrepresentableError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import { firstDifferences } from '../golden-file.ts'
import { decode, values } from '../scalar/decode.ts'
import { encode } from '../scalar/encode.ts'
import { decodeArray, encodeArray } from './arrays.ts'
import { convertArray } from './convert-array.ts'

const length = 2 ** 18 + 5
const numbers = Float32Array.from({ length }, (_, i) => Math.sin(i) * 500)
const expected = Array.from(numbers, (x) => encode(x, 'e4m3'))
const codes = Uint8Array.from({ length }, (_, i) => (i * 37) ^ (i >>> 8))
const decoded = Array.from(codes, (code) => decode(code, 'e4m3'))

it('encodes any typed array, plain arrays, shared memory and parts of arrays', () => {
  const shared = new Float32Array(new SharedArrayBuffer(4 * length))
  shared.set(numbers)
  for (const input of [numbers, shared, Float64Array.from(numbers), Array.from(numbers)]) {
    expect(firstDifferences(encodeArray(input, 'e4m3'), expected)).toEqual([])
  }
  const whole = Int16Array.from({ length: 5000 }, (_, i) => i - 2500)
  expect([...encodeArray(whole, 'e4m3')]).toEqual(Array.from(whole, (x) => encode(x, 'e4m3')))
  const memory = new Uint8Array(length + 2).fill(0xaa)
  encodeArray(numbers.subarray(3), 'e4m3', memory.subarray(1, length - 2))
  expect(firstDifferences(memory.subarray(1, length - 2), expected.slice(3))).toEqual([])
  expect([memory[0], ...memory.subarray(length - 2)]).toEqual([0xaa, 0xaa, 0xaa, 0xaa, 0xaa])
})

it('encodes a Float16Array, where there is one', (context) => {
  const Float16 = (globalThis as unknown as { Float16Array?: new (values: Iterable<number>) => Float64Array })
    .Float16Array
  if (Float16 === undefined) return context.skip('the engine has no Float16Array')
  const halves = new Float16(Array.from({ length: 20_000 }, (_, i) => i / 64))
  const single = Array.from(halves, (x) => encode(x, 'e4m3'))
  expect([...encodeArray(halves, 'e4m3')]).toEqual(single)
})

it('decodes at every alignment of both arrays, into both widths', () => {
  for (const [from, to] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [1, 1],
    [2, 2],
    [3, 1],
  ] as const) {
    const part = codes.subarray(from)
    const out = new Float32Array(length + 4).fill(7)
    decodeArray(part, 'e4m3', out.subarray(to, to + part.length))
    expect(firstDifferences(out.subarray(to, to + part.length), decoded.slice(from))).toEqual([])
    expect(out.subarray(to + part.length).every((x) => x === 7)).toBe(true)
  }
  expect(firstDifferences(decodeArray(codes, 'e4m3', new Float64Array(length)), decoded)).toEqual([])
  // As files are read in Node.
  expect(firstDifferences(decodeArray(Buffer.from(codes), 'e4m3'), decoded)).toEqual([])
})

it('decodes one format after another', () => {
  for (const row of Object.values(formats).filter(({ bits }) => bits <= 8)) {
    const fitting = codes.map((code) => code & (2 ** row.bits - 1))
    const table = values(row)
    expect(
      firstDifferences(
        decodeArray(fitting, row),
        Array.from(fitting, (code) => table[code]!),
      ),
    ).toEqual([])
  }
})

describe('overlap', () => {
  it('encodes in place from the start, decodes in place at the end', () => {
    const memory = new ArrayBuffer(4 * length)
    const input = new Float32Array(memory)
    input.set(numbers)
    const narrow = encodeArray(input, 'e4m3', new Uint8Array(memory, 0, length))
    expect(firstDifferences(narrow, expected)).toEqual([])
    const wide = new Float32Array(length)
    const tail = new Uint8Array(wide.buffer, 3 * length, length)
    tail.set(codes)
    expect(firstDifferences(decodeArray(tail, 'e4m3', wide), decoded)).toEqual([])
    const same = codes.slice()
    expect(
      firstDifferences(
        convertArray(same, 'e4m3', 'e5m2', same),
        Array.from(decoded, (x) => encode(x, 'e5m2')),
      ),
    ).toEqual([])
  })

  it('refuses what would overwrite input not yet read, and leaves it alone', () => {
    const memory = new Uint8Array(64).fill(0x38)
    expect(() => encodeArray(new Float32Array(memory.buffer, 0, 8), 'e4m3', memory.subarray(1, 9))).toThrow(
      ArgumentError,
    )
    expect(() => decodeArray(memory.subarray(0, 8), 'e4m3', new Float32Array(memory.buffer, 0, 8))).toThrow(
      ArgumentError,
    )
    expect(() => convertArray(memory.subarray(0, 8), 'e4m3', 'e5m2', memory.subarray(4, 12))).toThrow(
      ArgumentError,
    )
    expect(memory.every((code) => code === 0x38)).toBe(true)
    // Beside each other is no overlap.
    expect(encodeArray(new Float32Array(memory.buffer, 0, 8), 'e4m3', memory.subarray(32, 40))).toHaveLength(
      8,
    )
  })
})

it('leaves `out` alone when a value or a code is refused, wherever it stands', () => {
  const input = numbers.slice()
  input[length - 1] = NaN
  const out = new Uint8Array(length)
  for (const given of [input, Float64Array.from(input), Array.from(input)]) {
    expect(() => encodeArray(given, 'e2m1', out)).toThrow(UnrepresentableError)
    expect(() => encodeArray(given, 'mxint8', out, { rounding: 'stochastic' })).toThrow(UnrepresentableError)
  }
  const nan = codes.map(() => 0x38)
  nan[length - 1] = 0x7f
  expect(() => convertArray(nan, 'e4m3', 'e2m1', out)).toThrow(UnrepresentableError)
  expect(out.every((code) => code === 0)).toBe(true)
  // A signalling and a negative NaN are found by their bits as well; infinities are none.
  const bits = new Uint32Array(256).fill(0x7f800000)
  expect(encodeArray(new Float32Array(bits.buffer), 'e2m1')[0]).toBe(7)
  for (const word of [0x7f800001, 0xff800001, 0xffffffff]) {
    bits[200] = word
    expect(() => encodeArray(new Float32Array(bits.buffer), 'e2m1')).toThrow(UnrepresentableError)
  }
})

it('finds a code too wide for its format at every place and alignment', () => {
  for (const offset of [0, 1, 2, 3]) {
    for (let at = 0; at < 9; at++) {
      const given = new Uint8Array(16).subarray(offset, offset + 9)
      given[at] = 0x40
      expect(() => decodeArray(given, 'e2m3')).toThrow(CodeError)
      given[at] = 0x3f
      expect(decodeArray(given, 'e2m3')[at]).toBe(-7.5)
    }
  }
})

it('refuses other lengths and widths in convertArray as elsewhere', () => {
  expect(() => convertArray(codes, 'e4m3', 'e5m2', new Uint8Array(1))).toThrow(LengthError)
  expect(() => convertArray(codes, 'bf16', 'e4m3')).toThrow(ArgumentError)
  expect(() =>
    convertArray(new Uint16Array(2), 'bf16', 'f16', new Uint8Array(2) as unknown as Uint16Array),
  ).toThrow(ArgumentError)
})
