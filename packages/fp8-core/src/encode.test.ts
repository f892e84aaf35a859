/**
 * Rounding around every boundary. Peers: ml_dtypes 0.6.0, torch 2.13.0; oracle: exact rational arithmetic.
 *
 * Mutations seen red: ties up; ties down; ties away from an even code; truncation; carry dropped; subnormals flushed;
 * overflow compared before rounding; rounding through float32; `up` and `down` swapped for negative values;
 * directed overflow; NaN as 0; the sign of zero dropped;
 * `saturate` that lets Infinity through.
 */
import { describe, expect, it } from 'vitest'
import { encodeArray } from './arrays.ts'
import { decode, values } from './decode.ts'
import { encode } from './encode.ts'
import { ArgumentError, UnrepresentableError } from './errors.ts'
import { formats, type Overflow, type Rounding } from './formats.ts'
import { bytes, differences, firstDifferences, float32, float64, golden, sha256 } from './golden-file.ts'

const small = ['e4m3', 'e5m2', 'e2m1', 'e2m3', 'e3m2'] as const
type Small = (typeof small)[number]
type Peers = Record<string, string>

describe.each(small)('%s from float32, around every boundary', (name) => {
  const data = golden<Record<Small, Peers>>('float32-boundaries.json')[name]
  const inputs = float32(data.float32!)

  it('gives what ml_dtypes gives, where overflow follows the format', () => {
    const codes = encodeArray(inputs, name, undefined, { overflow: 'format' })
    expect(firstDifferences(codes, bytes(data.ml_dtypes!))).toEqual([])
  })

  it('saturates instead of overflowing by default, and changes nothing else', () => {
    const { maxCode, bits } = formats[name]
    const plain = encodeArray(inputs, name, undefined, { overflow: 'format' })
    const saturated = plain.map((code) =>
      Number.isFinite(decode(code, name)) ? code : maxCode | (code & (2 ** (bits - 1))),
    )
    expect(firstDifferences(encodeArray(inputs, name), saturated)).toEqual([])
  })
})

it.each([
  // torch 2.13 saturates E4M3 and not E5M2; torch before 2.13 gave NaN for E4M3 (pytorch#177870).
  ['e4m3', 'saturate'],
  ['e5m2', 'format'],
] as const)(
  '%s from float32, around every boundary, gives what torch gives, whose overflow is %s',
  (name, overflow) => {
    const data = golden<Record<Small, Peers>>('float32-boundaries.json')[name]
    const codes = encodeArray(float32(data.float32!), name, undefined, { overflow })
    expect(firstDifferences(codes, bytes(data.torch!))).toEqual([])
  },
)

describe.each(['f16', 'bf16'] as const)('%s from float32', (name) => {
  it('rounds at and beside the midpoint of every two neighbours as ml_dtypes and torch do', () => {
    const { inputsSha256, codesSha256 } = golden<Record<string, Peers>>('float32-boundaries.json')[name]!
    const inputs = midpoints(
      values(name).filter((value) => value < Infinity && !(value < 0 || Object.is(value, -0))),
    )
    expect(sha256(inputs)).toBe(inputsSha256)
    expect(sha256(encodeArray(inputs, name))).toBe(codesSha256)
  })
})

describe.each(small)('%s from float64, 2^-45 beside every midpoint', (name) => {
  const data = golden<Record<Small, Peers>>('float64-boundaries.json')[name]
  const inputs = float64(data.float64!)
  const modes: [Rounding, Overflow][] = [
    ['nearest', 'format'],
    ['nearest', 'saturate'],
    ['up', 'format'],
    ['up', 'saturate'],
    ['down', 'format'],
    ['down', 'saturate'],
  ]

  it.each(modes)('rounds %s, %s as exact arithmetic does', (rounding, overflow) => {
    const codes = encodeArray(inputs, name, undefined, { rounding, overflow })
    expect(firstDifferences(codes, bytes(data[`${rounding} ${overflow}`]!))).toEqual([])
  })

  it('is right where ml_dtypes, which narrows to float32 first, takes the wrong one of two', () => {
    const codes = encodeArray(inputs, name, undefined, { overflow: 'format' })
    expect(differences(codes, bytes(data.ml_dtypes!))).toHaveLength(
      doublyRounded(formats[name].nanCode === undefined),
    )
  })

  /**
   * Of the two sides of each midpoint float32 puts one across the tie. At the last midpoint, on the way to overflow,
   * that makes no difference if the maximum is what comes out on both sides.
   */
  function doublyRounded(saturates: boolean): number {
    return inputs.length / 2 - (saturates ? 2 : 0)
  }

  it('is right where torch is wrong in the same way', () => {
    // torch has no FP6 and FP4 conversions.
    if (name !== 'e4m3' && name !== 'e5m2') return expect(data.torch).toBeUndefined()
    const overflow = name === 'e4m3' ? 'saturate' : 'format'
    const codes = encodeArray(inputs, name, undefined, { overflow })
    expect(differences(codes, bytes(data.torch!))).toHaveLength(doublyRounded(overflow === 'saturate'))
  })
})

describe.each(Object.values(formats))('$name', (row) => {
  it('encodes the value of every code back to it', () => {
    const round = encodeArray(
      values(row).map((value) => (Number.isNaN(value) ? 0 : value)),
      row,
      undefined,
      {
        overflow: 'format',
      },
    )
    for (const [code, value] of values(row).entries())
      if (!Number.isNaN(value)) expect(round[code]).toBe(code)
  })

  it('takes the extremes of float64', () => {
    const options = { rounding: 'nearest', overflow: 'format' } as const
    const overflowed = row.infinityCode ?? row.nanCode ?? row.maxCode
    expect(encode(Number.MAX_VALUE, row, options)).toBe(overflowed)
    expect(encode(Infinity, row, options)).toBe(overflowed)
    expect(encode(Infinity, row, { overflow: 'saturate' })).toBe(row.maxCode)
    expect(encode(Number.MAX_VALUE, row, { rounding: 'down', overflow: 'format' })).toBe(row.maxCode)
    expect(encode(Number.MIN_VALUE, row, options)).toBe(0)
  })

  it('encodes NaN as NaN, or refuses it where there is none', () => {
    if (row.nanCode === undefined) {
      // ml_dtypes makes zeros of NaN here, ONNX documents the largest value: no answer is right.
      expect(() => encode(NaN, row)).toThrow(UnrepresentableError)
    } else expect(encode(NaN, row)).toBe(row.nanCode)
  })
})

describe.each(Object.values(formats).filter((row) => row.zero === 'signed'))('$name with its sign', (row) => {
  it('keeps the sign of zero, of what rounds to zero and of infinities', () => {
    const sign = 2 ** (row.bits - 1)
    expect(encode(-0, row)).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row)).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row, { rounding: 'up' })).toBe(sign)
    expect(encode(-Number.MIN_VALUE, row, { rounding: 'down' })).toBe(sign | 1)
    expect(encode(Number.MIN_VALUE, row, { rounding: 'up' })).toBe(1)
    expect(encode(-Infinity, row, { overflow: 'saturate' })).toBe(sign | row.maxCode)
  })
})

it('refuses options that do not exist', () => {
  expect(() => encode(1, 'e4m3', { rounding: 'stochastic' as Rounding })).toThrow(ArgumentError)
  expect(() => encode(1, 'e4m3', { overflow: 'wrap' as Overflow })).toThrow(/saturate, format, got wrap/)
})

/** `[value, midpoint - 1 ulp, midpoint, midpoint + 1 ulp]` of neighbours, then all negated: as boundaries.py makes them. */
function midpoints(ascending: Float64Array): Float32Array {
  const positive: number[] = []
  for (const [i, value] of ascending.entries()) {
    const next = ascending[i + 1] ?? 2 * value - ascending[i - 1]!
    const middle = new Float32Array([value, 0, (value + next) / 2, 0])
    const bits = new Uint32Array(middle.buffer)
    bits[1] = bits[2]! - 1
    bits[3] = bits[2]! + 1
    positive.push(...middle)
  }
  return Float32Array.from([...positive, ...positive.map((value) => -value)])
}
