/**
 * The SIMD kernels against `encode`, called by themselves, since `encodeArray` would fall back to tables unseen.
 *
 * Mutations seen red: no least exponent; 1.0 in place of 1.5 in the addend; the addend twice as large; another bias; no
 * limit; the sign of zero kept where there is one zero; exponents one less, one more or all let through; no zeros behind
 * the last number; four mantissa bits as three; lanes, vectors or all but the last turn left out of what was seen; always
 * saturating; codes in the wrong place; no fallback.
 */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { p3109 } from '../formats/p3109.ts'
import { bulkWasm } from '../generated/bulk-wasm.ts'
import { type EncodeOptions, encode, encoder } from '../scalar/encode.ts'
import { encodeArray } from './arrays.ts'
import { simdEncoder, simdPart } from './simd-encoder.ts'

const { e4m3, e5m2, e4m3fnuz, e5m2fnuz, e4m3b11fnuz, e4m3ieee, e3m4, e2m1, e2m3, e3m2 } = formats
const fixed = [e4m3, e5m2, e4m3fnuz, e5m2fnuz, e4m3b11fnuz, e4m3ieee, e3m4, e2m1, e2m3, e3m2]
const family = [3, 4, 5, 6, 7, 8].flatMap((bits) =>
  [2, 3, 4, 5].flatMap((precision) =>
    precision < bits ? [true, false].map((extended) => p3109({ bits, precision, extended })) : [],
  ),
)

/** All upper halves of float32 with and without a bit below, by whether the kernels take them. */
const halves = new Float32Array(
  Uint32Array.from({ length: 2 ** 17 }, (_, i) => ((i >>> 1) << 16) | (i & 1)).buffer,
)
const isTaken = (row: NumberFormat, x: number) => Math.abs(x) < 2 ** (105 + row.mantissaBits)

it('takes nearest-even of small formats with fields, where overflow is the code above', () => {
  const takes = (row: NumberFormat, options: EncodeOptions = {}) => simdEncoder(row, options) !== undefined
  expect(Object.values(formats).filter((row) => takes(row))).toEqual(
    Object.values(formats).filter((row) => fixed.includes(row)),
  )
  expect(takes(e4m3, { overflow: 'format' })).toBe(false)
  expect(takes(e5m2, { overflow: 'format' })).toBe(true)
  expect(takes(e2m1, { overflow: 'format' })).toBe(true)
  expect(takes(e4m3, { rounding: 'toward-zero' })).toBe(false)
  expect(takes(p3109({ bits: 8, precision: 1 }))).toBe(false)
  expect(takes(p3109({ bits: 8, precision: 4, signed: false }))).toBe(false)
})

describe.each([...fixed, ...family])('$name', (row) => {
  it('gives the codes of encode for all upper halves of float32, or says that it cannot', () => {
    const taken = halves.filter((x) => isTaken(row, x))
    for (const options of [{ overflow: 'saturate' }, { overflow: 'format' }] as const) {
      const simd = simdEncoder(row, options)
      if (simd === undefined) continue
      const one = encoder(row, options)
      const codes = new Uint8Array(taken.length)
      for (let start = 0; start < taken.length; start += simdPart) {
        expect(simd(taken, start, Math.min(start + simdPart, taken.length), codes)).toBe(true)
      }
      const wrong = taken.filter((x, i) => codes[i] !== one(x))
      expect([...wrong.subarray(0, 5)]).toEqual([])
    }
  })
})

it('refuses a part with NaN, an infinity or a number too large, wherever it stands, and writes nothing', () => {
  const simd = simdEncoder(e4m3, {})!
  for (const x of [NaN, Infinity, -Infinity, 2 ** 108, -(2 ** 127)]) {
    for (let at = 0; at < 33; at++) {
      const input = new Float32Array(33).fill(1)
      input[at] = x
      const codes = new Uint8Array(33)
      expect(simd(input, 0, 33, codes)).toBe(false)
      expect(codes.every((code) => code === 0)).toBe(true)
      // What is left on the bench does not disturb.
      expect(simd(input, at === 0 ? 1 : 0, at === 0 ? 2 : at, codes)).toBe(true)
    }
  }
  const largest = Float32Array.of(2 ** 108 * (1 - 2 ** -24))
  expect(simd(largest, 0, 1, new Uint8Array(1))).toBe(true)
})

it('writes exactly the part that was asked for', () => {
  const input = Float32Array.from({ length: 100 }, (_, i) => i - 50.5)
  const simd = simdEncoder(e5m2, {})!
  for (let start = 0; start < 20; start++) {
    for (let end = start; end < start + 40; end++) {
      const codes = new Uint8Array(100).fill(0xaa)
      simd(input, start, end, codes)
      const expected = Array.from(input, (x, i) => (i >= start && i < end ? encode(x, 'e5m2') : 0xaa))
      expect([...codes]).toEqual(expected)
    }
  }
})

const numbers = Float32Array.from({ length: 3 * simdPart + 77 }, (_, i) => Math.sin(i) * 2 ** ((i % 40) - 20))

it('mixes with tables where parts hold NaN, infinities or huge numbers', () => {
  const input = numbers.slice()
  input.set([NaN, -Infinity, Infinity, 1e38], simdPart + 5)
  const rules: EncodeOptions[] = [{}, { infinity: 'format' }, { overflow: 'format', infinity: 'saturate' }]
  for (const row of [e4m3, e5m2, e4m3fnuz]) {
    for (const rule of rules) {
      const codes = encodeArray(input, row, undefined, rule) as Uint8Array
      expect(Buffer.compare(codes, Uint8Array.from(input, encoder(row, rule)))).toBe(0)
    }
  }
})

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.resetModules()
  })
  const refused = new Proxy(WebAssembly.Module, {
    construct: () => {
      throw new WebAssembly.CompileError('refused by the content security policy')
    },
  })
  it.each([
    ['no such thing', undefined],
    ['none allowed, or none with SIMD', { ...WebAssembly, Module: refused }],
  ])('gives the same codes: %s', async (_, stub) => {
    vi.resetModules()
    vi.stubGlobal('WebAssembly', stub)
    const { simdBench } = await import('./simd-bench.ts')
    const { encodeArray: encodeByTable } = await import('./arrays.ts')
    expect(encodeByTable(numbers, 'e4m3')).toEqual(Uint8Array.from(numbers, (x) => encode(x, 'e4m3')))
    expect(simdBench()).toBeUndefined()
  })
})

it('is small enough to be compiled at once in a page, which browsers allow up to 4 KiB', () => {
  expect(atob(bulkWasm).length).toBeLessThan(4096)
})
