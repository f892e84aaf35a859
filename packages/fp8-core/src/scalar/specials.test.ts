/**
 * NaN, infinities, zeros and what is far out of range: no roundings but choices, in which the peers differ (ml_dtypes
 * 0.6.0, torch 2.13.0, ONNX's reference 1.23.1, en_dtypes 0.0.4). Where one says what we do, its name stands there.
 *
 * Mutations seen red: NaN as 0; `saturate` that lets Infinity through; `infinity` ignored; -0 of FNUZ as 0x80.
 */
import { describe, expect, it } from 'vitest'
import { UnrepresentableError } from '../errors.ts'
import { type FormatName, formats } from '../formats/formats.ts'
import { golden } from '../golden-file.ts'
import { encode } from './encode.ts'

type Codes = Record<string, number>
const said = golden<Record<FormatName, Record<string, Codes>>>('specials.json')

/** Ours for the numbers that the peers were asked; the sign of a NaN is not to be seen in JavaScript. */
function ours(format: FormatName, options: Parameters<typeof encode>[2]): Codes {
  const names = ['NaN', 'Infinity', '-Infinity', '0', '-0', '1e30', '-1e30']
  return Object.fromEntries(
    names
      .filter((name) => name !== 'NaN' || formats[format].nanCode !== undefined)
      .map((name) => [name, encode(Number(name), format, options)]),
  )
}
const format = { overflow: 'format' } as const
const saturate = { overflow: 'saturate' } as const

describe('who says the same', () => {
  it.each([
    ['e4m3', 'ml_dtypes nearest-even format', format],
    ['e4m3', 'onnx nearest-even format', format],
    // Since 2.13; before, ml_dtypes' answer.
    ['e4m3', 'torch nearest-even saturate', saturate],
    ['e4m3', 'onnx nearest-even saturate', saturate],
    ['e5m2', 'ml_dtypes nearest-even format', format],
    ['e5m2', 'onnx nearest-even format', format],
    ['e5m2', 'onnx nearest-even saturate', saturate],
    ['e4m3fnuz', 'ml_dtypes nearest-even format', format],
    ['e4m3fnuz', 'torch nearest-even format', format],
    ['e4m3fnuz', 'onnx nearest-even saturate', saturate],
    ['e5m2fnuz', 'torch nearest-even format', format],
    ['e5m2fnuz', 'onnx nearest-even saturate', saturate],
    ['e4m3b11fnuz', 'ml_dtypes nearest-even format', format],
    ['e4m3ieee', 'ml_dtypes nearest-even format', format],
    ['e3m4', 'ml_dtypes nearest-even format', format],
    ['e2m1', 'ml_dtypes nearest-even format', format],
    ['e2m3', 'ml_dtypes nearest-even format', format],
    ['e3m2', 'ml_dtypes nearest-even format', format],
    ['hif8', 'en_dtypes nearest-away format', format],
  ] as const)('%s: %s', (name, peer, options) => {
    expect(said[name][peer]).toMatchObject(ours(name, options))
  })
})

describe('who says otherwise', () => {
  it('torch writes the NaN of E5M2 with all mantissa bits, ml_dtypes and we the quiet one', () => {
    expect(said.e5m2['torch nearest-even format']).toMatchObject({ NaN: 0x7f, '-NaN': 0xff })
    expect(encode(NaN, 'e5m2')).toBe(0x7e)
  })

  it.each(['e2m1', 'e2m3', 'e3m2'] as const)(
    'ml_dtypes makes zeros of NaN for %s, with the wrong sign',
    (name) => {
      const sign = 2 ** (formats[name].bits - 1)
      expect(said[name]['ml_dtypes nearest-even format']).toMatchObject({ NaN: sign, '-NaN': 0 })
      // ONNX documents the largest value for FP4 and nothing for FP6: no answer is right, so that we give none.
      expect(() => encode(NaN, name)).toThrow(UnrepresentableError)
    },
  )

  it('ONNX documents that Infinity becomes NaN in a saturating cast to FNUZ; its code saturates, as ours', () => {
    for (const name of ['e4m3fnuz', 'e5m2fnuz'] as const) {
      expect(said[name]['onnx nearest-even saturate']).toMatchObject({ Infinity: 0x7f, '-Infinity': 0xff })
      expect(encode(Infinity, name)).toBe(0x7f)
      // As documented:
      expect(encode(Infinity, name, { overflow: 'saturate', infinity: 'format' })).toBe(0x80)
      expect(encode(1e30, name, { overflow: 'saturate', infinity: 'format' })).toBe(0x7f)
    }
  })

  it('en_dtypes has no saturating HiF8; ours saturates from the first number that would overflow', () => {
    // Its C++ with saturation still gives Infinity for 40960 .. 49152; the goldens of CANN take NaN to 0.
    for (const x of [40960, 49151, 49152, 1e30, Infinity]) expect(encode(x, 'hif8', saturate)).toBe(0x6e)
    for (const x of [40960, 49151, 49152, 1e30, Infinity]) expect(encode(-x, 'hif8')).toBe(0xef)
    expect(encode(NaN, 'hif8', saturate)).toBe(0x80)
  })
})

describe('E8M0, which has no zero and no sign', () => {
  it.each([
    // value, ours, ml_dtypes, torch and ONNX (nearest)
    ['0', 0x00, 0xff, 0x00],
    ['-0', 0x00, 0xff, 0x00],
    ['-1e30', 0xff, 0xff, 0xe3],
    ['Infinity', 0xff, 0xff, 0xff],
    ['-Infinity', 0xff, 0xff, 0xff],
    ['NaN', 0xff, 0xff, 0xff],
  ])('%s: %i; ml_dtypes says %i, torch and ONNX %i', (value, code, mlDtypes, torch) => {
    for (const rounding of ['up', 'nearest', 'nearest-away', 'toward-zero', 'down', 'to-odd'] as const) {
      expect(encode(Number(value), 'e8m0', { rounding })).toBe(code)
    }
    expect(said.e8m0['ml_dtypes nearest-even format']![value]).toBe(mlDtypes)
    for (const peer of ['torch nearest-even format', 'onnx nearest-even format']) {
      expect(said.e8m0[peer]![value]).toBe(torch)
    }
  })

  it('saturates Infinity on request, as Transformer Engine does; ONNX gives NaN even then', () => {
    expect(encode(Infinity, 'e8m0', saturate)).toBe(0xfe)
    expect(encode(-Infinity, 'e8m0', saturate)).toBe(0xff)
    expect(said.e8m0['onnx up saturate']!.Infinity).toBe(0xff)
  })
})

describe('two kinds of out of range', () => {
  it.each([
    ['e4m3', 0x7e, 0x7f],
    ['e5m2', 0x7b, 0x7c],
    ['e4m3fnuz', 0x7f, 0x80],
    ['hif8', 0x6e, 0x6f],
    ['e2m1', 7, 7],
    ['bf16', 0x7f7f, 0x7f80],
    ['e8m0', 0xfe, 0xff],
    ['p3109_k8p4se', 0x7e, 0x7f],
    ['p3109_k8p4sf', 0x7f, 0x80],
    ['p3109_k8p4uf', 0xfe, 0xff],
  ])('%s takes `overflow` and `infinity` apart', (name, max, own) => {
    const far = 1e300
    expect(encode(far, name, { overflow: 'saturate', infinity: 'format' })).toBe(max)
    expect(encode(Infinity, name, { overflow: 'saturate', infinity: 'format' })).toBe(own)
    expect(encode(far, name, { overflow: 'format', infinity: 'saturate', rounding: 'nearest' })).toBe(own)
    expect(encode(Infinity, name, { overflow: 'format', infinity: 'saturate' })).toBe(max)
  })

  it('INT8 has -2 for what is far below, and 127/64 above', () => {
    for (const options of [format, saturate]) {
      expect([encode(-Infinity, 'mxint8', options), encode(Infinity, 'mxint8', options)]).toEqual([
        0x80, 0x7f,
      ])
      expect([encode(-1e30, 'mxint8', options), encode(1e30, 'mxint8', options)]).toEqual([0x80, 0x7f])
    }
    expect(() => encode(NaN, 'mxint8')).toThrow(UnrepresentableError)
  })
})
