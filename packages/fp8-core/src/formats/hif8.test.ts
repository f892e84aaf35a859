/**
 * HiFloat8 by the rule and table of arXiv 2409.16626: the worked examples, half of all float32 prefixes to the nearest
 * by en_dtypes, and hybrid rounding by a transcription of the rule in Python.
 *
 * Mutations seen red: ties to even; 40960 as the largest value; hybrid threshold of 13 bits; hybrid from |E| <= 4 on to
 * the nearest; the leading one of E = -23 dropped; `>` for `>=` in the hybrid comparison.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { firstDifferences, golden, inflated, sha256 } from '../golden-file.ts'
import { decode } from '../scalar/decode.ts'
import { encode, encoder } from '../scalar/encode.ts'
import { formats } from './formats.ts'

const data = golden<Record<'hybrid' | 'nearestAway', { inputsSha256: string; codes: string }>>('hif8.json')

it.each([
  [17, 0x40],
  [18, 0x41],
  [15.5, 0x40],
  [1.0625, 0x09],
  [-1.0625, 0x89],
  [40959, 0x6e],
  [40960, 0x6f],
  [2 ** -23, 0x01],
  [2 ** -23 * (1 - 2 ** -24), 0x00],
  [-(2 ** -24), 0x00],
  [0.234, 0x3f],
  [1e-5, 0x06],
  [-0, 0x00],
])('encodes %d as 0x%x', (value, code) => {
  expect(encode(value, 'hif8')).toBe(code)
  expect(encode(value, 'hif8', { rounding: 'nearest' })).toBe(code)
})

it('rounds to the nearest, ties away, all float32 of three tails under each 15-bit prefix as en_dtypes does', () => {
  const prefixes = Array.from({ length: 0x7f80 }, (_, prefix) => prefix * 65_536)
  const bits = Uint32Array.from(prefixes.flatMap((prefix) => [prefix, prefix + 1, prefix + 0xffff]))
  expect(sha256(bits)).toBe(data.nearestAway.inputsSha256)
  const codes = Uint8Array.from(new Float32Array(bits.buffer), encoder(formats.hif8))
  expect(firstDifferences(codes, inflated(data.nearestAway.codes))).toEqual([])
})

describe('hybrid rounding', () => {
  it('does what the rule says for structured and scattered float32 of every exponent', () => {
    const bits = hybridInputs()
    expect(sha256(bits)).toBe(data.hybrid.inputsSha256)
    const codes = Uint8Array.from(
      new Float32Array(bits.buffer),
      encoder(formats.hif8, { rounding: 'hybrid' }),
    )
    expect(firstDifferences(codes, inflated(data.hybrid.codes))).toEqual([])
  })

  it('keeps what is exact, where the bare rule "top bits >= low bits" would round 0 >= 0 up', () => {
    for (let code = 0; code < 256; code++) {
      const value = decode(code, 'hif8')
      if (!Number.isNaN(value)) expect(encode(value, 'hif8', { rounding: 'hybrid' })).toBe(code)
    }
  })

  it('reads a float32, but calls only infinities infinite', () => {
    const options = { rounding: 'hybrid', overflow: 'saturate', infinity: 'format' } as const
    expect(encode(1e300, 'hif8', options)).toBe(0x6e)
    expect(encode(-Infinity, 'hif8', options)).toBe(0xef)
    expect(encode(1.0625 - 2 ** -40, 'hif8', { rounding: 'hybrid' })).toBe(0x09)
    expect(encode(1.0625 - 2 ** -40, 'hif8')).toBe(0x08)
  })

  it('is for HiF8 alone', () => {
    expect(() => encode(1, 'e4m3', { rounding: 'hybrid' })).toThrow(ArgumentError)
  })
})

it('is nearest-even as well, which one reference takes for HiF8: it differs only at ties', () => {
  expect(encode(18, 'hif8', { rounding: 'nearest-even' })).toBe(0x40)
  expect(encode(22, 'hif8', { rounding: 'nearest-even' })).toBe(0x42)
  expect(encode(18.001, 'hif8', { rounding: 'nearest-even' })).toBe(0x41)
})

/** As hif8.py makes them: every exponent with structured mantissas and some by a multiplicative hash; both signs. */
function hybridInputs(): Uint32Array<ArrayBuffer> {
  const structured = [0, 1, 0x1fff, 0x2000, 0x3fff, 0x4000, 0x1fffff, 0x200000, 0x3fffff, 0x400000]
  structured.push(0x400001, 0x600000, 0x7fffff)
  const scattered = Array.from({ length: 399 }, (_, k) => Math.imul(k + 1, 0x9e3779b1) & 0x7fffff)
  const near = Array.from({ length: 44 }, (_, i) => 127 - 26 + i)
  const positive = [0, 1, 60, ...near, 254].flatMap((exponent) =>
    [...structured, ...scattered].map((mantissa) => exponent * 2 ** 23 + mantissa),
  )
  return Uint32Array.from([...positive, ...positive.map((bits) => bits + 2 ** 31)])
}
