/**
 * E8M0 (UE8M0) in each rounding mode at and beside every power of two and every tie, by exact arithmetic; and where
 * torch 2.13.0 and ml_dtypes 0.6.0 say something else.
 *
 * Mutations seen red: `up` that also lifts exact powers of two; code 0 treated as a subnormal; ties down;
 * negative values taken as positive; Infinity as 0xfe by default; rounding to nearest by default; code -1 below 2^-127.
 */
import { describe, expect, it } from 'vitest'
import { encodeArray } from './arrays.ts'
import { encode } from './encode.ts'
import type { Overflow, Rounding } from './formats.ts'
import { bytes, differences, firstDifferences, float32, golden } from './golden-file.ts'

type Special = Record<'ml_dtypes' | 'torch', number>
type Data = Record<string, string> & { special: Record<string, Special> }
const data = golden<Data>('e8m0.json')
const inputs = float32(data.float32!)

const modes: [Rounding, Overflow][] = [
  ['nearest', 'format'],
  ['nearest', 'saturate'],
  ['up', 'format'],
  ['up', 'saturate'],
  ['down', 'format'],
  ['down', 'saturate'],
]

it.each(modes)('rounds %s, %s as exact arithmetic does', (rounding, overflow) => {
  const codes = encodeArray(inputs, 'e8m0', undefined, { rounding, overflow })
  expect(firstDifferences(codes, bytes(data[`${rounding} ${overflow}`]!))).toEqual([])
})

it('is exact at 2^-127, where the least float32 step up matters only to `up`', () => {
  const above = 2 ** -127 * (1 + 2 ** -22)
  expect(encode(2 ** -127, 'e8m0', { rounding: 'up' })).toBe(0)
  expect(encode(above, 'e8m0', { rounding: 'up' })).toBe(1)
  expect(encode(above, 'e8m0', { rounding: 'nearest' })).toBe(0)
  expect(encode(1.5 * 2 ** -127, 'e8m0', { rounding: 'nearest' })).toBe(1)
  expect(encode(1.5 * 2 ** -127, 'e8m0', { rounding: 'down' })).toBe(0)
})

it('reads float64 without narrowing it: just above a power of two is above it', () => {
  expect(encode(1 + 2 ** -52, 'e8m0')).toBe(128)
  expect(encode(1.5 - 2 ** -52, 'e8m0', { rounding: 'nearest' })).toBe(127)
})

describe.each(['ml_dtypes', 'torch'] as const)('%s, nearest', (peer) => {
  it('agrees, except that it sends the lower half of (2^-127, 2^-126) up as well', () => {
    const codes = encodeArray(inputs, 'e8m0', undefined, { rounding: 'nearest' })
    const different = differences(codes, bytes(data[peer]!)).map((i) => inputs[i]!)
    const wrong = inputs.filter((x) => x > 2 ** -127 && x < 1.5 * 2 ** -127)
    expect(wrong.length).toBeGreaterThan(1)
    // What is below 2^-127 is a choice, tested below.
    expect(different.filter((x) => x >= 2 ** -127)).toEqual([...wrong])
  })
})

describe('what is no scale', () => {
  it.each([
    // value, ours, ml_dtypes, torch
    ['0', 0x00, 0xff, 0x00],
    ['-0', 0x00, 0xff, 0x00],
    ['-1', 0xff, 0xff, 0x7f],
    ['-3', 0xff, 0xff, 0x81],
    ['Infinity', 0xff, 0xff, 0xff],
    ['-Infinity', 0xff, 0xff, 0xff],
    ['NaN', 0xff, 0xff, 0xff],
  ])('%s: %i; ml_dtypes says %i, torch %i', (value, ours, mlDtypes, torch) => {
    for (const rounding of ['up', 'nearest', 'down'] as const) {
      expect(encode(Number(value), 'e8m0', { rounding })).toBe(ours)
    }
    expect(data.special[value]).toEqual({ ml_dtypes: mlDtypes, torch })
  })

  it('saturates Infinity on request, as ONNX and Transformer Engine do', () => {
    expect(encode(Infinity, 'e8m0', { overflow: 'saturate' })).toBe(0xfe)
    expect(encode(-Infinity, 'e8m0', { overflow: 'saturate' })).toBe(0xff)
  })
})
