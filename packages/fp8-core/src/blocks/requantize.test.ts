/**
 * Float32 scales to powers of two against float64 in numpy (tooling/fixtures/fp8-core/scale_search.py), and scales as bytes.
 *
 * Mutations seen red, here or in the other tests of block scaling: powers of two to the nearest; the product rounded
 * to float32 first; new codes of one block used in the next; powers of two counted as changed; the input changed;
 * scales or -0 truncated to bytes; codes not checked.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, BlockScaleError, CodeError, LengthError } from '../errors.ts'
import { bytes, float32, golden, sha256 } from '../golden-file.ts'
import { decode } from '../scalar/decode.ts'
import { encode } from '../scalar/encode.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { dequantize, findNotPowerOfTwo, quantize } from './block-scaling.ts'
import { type BlockRecipe, recipes } from './recipes.ts'
import { requantize, requantizeUe8m0 } from './requantize.ts'
import { fromScaleCodes, scaleCodes } from './scale-codes.ts'

const { requantized: expected } = golden<{
  requantized: {
    shape: [number, number]
    codes: string
    scales: string
    powers: string
    newCodesSha256: string
    changedBlocks: number
    changedCodes: number
  }
}>('blocks-search.json')
const recipe: BlockRecipe = { ...recipes.deepseekActivation, block: [1, 32] }
const stored: BlockScaledArray = {
  codes: bytes(expected.codes),
  scales: float32(expected.scales),
  shape: expected.shape,
  recipe,
}

describe('requantizeUe8m0', () => {
  it('gives the powers of two and the codes of numpy, rounded once from the exact product', () => {
    const before = stored.codes.slice()
    const { quantized, changedBlocks, changedCodes } = requantizeUe8m0(stored)
    expect(quantized.scales).toEqual(float32(expected.powers))
    expect(sha256(quantized.codes)).toBe(expected.newCodesSha256)
    expect({ changedBlocks, changedCodes }).toEqual({
      changedBlocks: expected.changedBlocks,
      changedCodes: expected.changedCodes,
    })
    expect(quantized.recipe).toMatchObject({ scale: 'ue8m0', selection: 'up', block: [1, 32] })
    expect(scaleCodes(quantized).length).toBe(64)
    expect(stored.codes).toEqual(before)
  })

  it('keeps blocks byte for byte whose scale is a power of two, and blocks of NaN', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code)
    const scales = new Float32Array([2 ** -127, 2 ** 127, NaN, 0.75])
    const mixed = { codes, scales, shape: [4, 64] as const, recipe: { ...recipe, block: [1, 64] as const } }
    const { quantized, changedBlocks } = requantizeUe8m0(mixed)
    expect(quantized.codes.subarray(0, 192)).toEqual(codes.subarray(0, 192))
    expect(quantized.scales).toEqual(new Float32Array([2 ** -127, 2 ** 127, NaN, 1]))
    expect(changedBlocks).toBe(1)
    expect(findNotPowerOfTwo(quantized.scales.subarray(0, 2))).toBe(-1)
    // Codes of NaN stay so.
    expect(decode(quantized.codes[255]!, 'e4m3')).toBeNaN()
  })

  it('goes up to the largest scale and no further', () => {
    const one = (scale: number) => ({
      codes: Uint8Array.of(0x38, 0x7e),
      scales: Float32Array.of(scale),
      shape: [1, 2] as const,
      recipe: { ...recipe, block: [1, 2] as const },
    })
    for (const scale of [1.5 * 2 ** 126, (2 - 2 ** -23) * 2 ** 126]) {
      expect(requantizeUe8m0(one(scale)).quantized.scales).toEqual(Float32Array.of(2 ** 127))
    }
    expect(() => requantizeUe8m0(one((1 + 2 ** -23) * 2 ** 127))).toThrow('at most 2^127')
  })

  it.each(['e4m3', 'e5m2', 'e4m3fnuz', 'hif8'] as const)('keeps the infinities and NaN of %s', (format) => {
    const every = Uint8Array.from({ length: 256 }, (_, code) => code)
    const notFinite = every.filter((code) => !Number.isFinite(decode(code, format)))
    const recipe: BlockRecipe = { ...recipes.hif8Tensor, format }
    const scales = Float32Array.of(0.3)
    const { quantized } = requantizeUe8m0({ codes: notFinite, scales, shape: [1, notFinite.length], recipe })
    expect(quantized.codes).toEqual(notFinite)
    expect(quantized.scales).toEqual(Float32Array.of(0.5))
  })

  it('takes scales below 2^-127 up to it', () => {
    const tiny = {
      codes: new Uint8Array([0x7e]),
      scales: new Float32Array([2 ** -128]),
      shape: [1, 1] as const,
      recipe,
    }
    const { quantized } = requantizeUe8m0(tiny)
    expect([...quantized.scales]).toEqual([2 ** -127])
    expect([...dequantize(quantized)]).toEqual([...dequantize(tiny)])
  })

  it('never clips, and errs by half a step of the new scale at most', () => {
    const scale = fc.float({ min: 2 ** -20, max: 2 ** 20, noNaN: true, minExcluded: true })
    fc.assert(
      fc.property(scale, (s) => {
        const codes = Uint8Array.from({ length: 127 }, (_, code) => code)
        const row = { codes, scales: new Float32Array([s]), shape: [1, 127] as const }
        const { quantized } = requantizeUe8m0({ ...row, recipe: recipes.rowE4m3 })
        const power = quantized.scales[0]!
        expect(power).toBeGreaterThanOrEqual(s)
        expect(power).toBeLessThan(2 * s)
        for (const [i, code] of quantized.codes.entries()) {
          expect(code).toBe(encode((decode(i, 'e4m3') * s) / power, 'e4m3'))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('rounds the exact product, not its float32, which may be a tie', () => {
    let ties = 0
    for (let code = 0x38; code < 0x40; code++) {
      for (let tie = 8.5; tie < 16; tie++) {
        const scales = Float32Array.of(tie / 8 / decode(code, 'e4m3'))
        const row = { codes: Uint8Array.of(code), scales, shape: [1, 1] as const, recipe: recipes.rowE4m3 }
        const { quantized } = requantizeUe8m0(row)
        const exact = (decode(code, 'e4m3') * scales[0]!) / quantized.scales[0]!
        expect(quantized.codes[0]).toBe(encode(exact, 'e4m3'))
        if (encode(exact, 'e4m3') !== encode(Math.fround(exact), 'e4m3')) ties++
      }
    }
    expect(ties).toBeGreaterThan(0)
  })

  it.each([0, -0, -1, Infinity, 3e38])('refuses the scale %d, and says where it is', (bad) => {
    const scales = stored.scales.slice()
    scales[6] = bad
    expect(() => requantizeUe8m0({ ...stored, scales })).toThrow(
      expect.objectContaining({ name: 'BlockScaleError', row: 1, column: 2, value: Math.fround(bad) }),
    )
  })

  it('refuses E4M3 scales', () => {
    expect(() => requantizeUe8m0(quantize(new Float32Array(16), [1, 16], recipes.nvfp4))).toThrow(
      ArgumentError,
    )
  })
})

it('requantizes to any recipe, by way of float32', () => {
  const x = Float32Array.from({ length: 576 * 40 }, (_, i) => Math.sin(i) * (1 + (i % 7)))
  const weight = quantize(x, [576, 40], recipes.deepseekWeight)
  const fp4 = requantize(weight, recipes.nvfp4)
  expect(fp4).toEqual(quantize(dequantize(weight), [576, 40], recipes.nvfp4))
  expect(fp4.scales.length).toBe(576 * 3)
})

describe('scales as bytes', () => {
  const x = Float32Array.from({ length: 320 }, (_, i) => (i % 5) - 1.7)
  x[100] = NaN
  it.each([recipes.mxfp4, recipes.mxint8, recipes.nvfp4, { ...recipes.nvfp4, globalScale: false }])(
    'there and back: $name',
    (some) => {
      const quantized = quantize(x, [4, 80], some)
      const { scales: _, ...parts } = quantized
      const back = fromScaleCodes({ ...parts, scaleCodes: scaleCodes(quantized) })
      expect(back).toEqual(quantized)
    },
  )

  it('are the exponent plus 127, and 255 for NaN', () => {
    const scales = new Float32Array([2 ** -127, 1, 2 ** 127, NaN])
    const quantized = { codes: new Uint8Array(128), scales, shape: [4, 32] as const, recipe: recipes.mxfp4 }
    expect([...scaleCodes(quantized)]).toEqual([0, 127, 254, 255])
  })

  it.each([
    [recipes.mxfp4, 0.75],
    [recipes.mxfp4, 0],
    [recipes.mxfp4, -1],
    [recipes.mxfp4, Infinity],
    [recipes.mxfp4, 2 ** -128],
    [{ ...recipes.nvfp4, globalScale: false }, 1.01],
    [{ ...recipes.nvfp4, globalScale: false }, -1],
    [{ ...recipes.nvfp4, globalScale: false }, -0],
    [{ ...recipes.nvfp4, globalScale: false }, 449],
  ])('are not made of %o with %d', (some, bad) => {
    const scales = new Float32Array([1, bad])
    const quantized = {
      codes: new Uint8Array(2 * some.block[1]),
      scales,
      shape: [2, some.block[1]] as const,
      recipe: some,
    }
    expect(() => scaleCodes(quantized)).toThrow(
      expect.objectContaining({ name: 'BlockScaleError', row: 1, column: 0, value: Math.fround(bad) }),
    )
  })

  it('are refused where they do not fit', () => {
    const { scales: _, ...parts } = quantize(x, [4, 80], recipes.nvfp4)
    expect(() => fromScaleCodes({ ...parts, scaleCodes: new Uint8Array(19) })).toThrow(LengthError)
    expect(() => fromScaleCodes({ ...parts, scaleCodes: new Uint8Array(20).fill(0x80) })).toThrow(
      BlockScaleError,
    )
    const { globalScale: __, ...lacking } = parts
    expect(() => fromScaleCodes({ ...lacking, scaleCodes: new Uint8Array(20) })).toThrow(ArgumentError)
    const float = quantize(x, [4, 80], recipes.deepseekActivation)
    expect(() => scaleCodes(float)).toThrow(ArgumentError)
    expect(() => fromScaleCodes({ ...float, scaleCodes: new Uint8Array(4) })).toThrow(ArgumentError)
  })
})

it('refuses codes beyond the bits of the format, and says where', () => {
  const quantized = quantize(new Float32Array(64), [2, 32], recipes.mxfp4)
  quantized.codes[40] = 16
  for (const use of [dequantize, requantizeUe8m0, scaleCodes]) {
    expect(() => use(quantized)).toThrow(expect.objectContaining({ name: 'CodeError', code: 16, index: 40 }))
  }
  expect(() => dequantize(quantized)).toThrow(CodeError)
})
