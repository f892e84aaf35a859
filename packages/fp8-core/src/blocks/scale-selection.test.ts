/**
 * The MX scale rules against exact transcriptions (tooling/fixtures/fp8-core/mx.py), and who says what: torchao, gfloat
 * and compressed-tensors where they differ.
 *
 * Mutations seen red, here or in the other tests of block scaling: ceil that raises powers of two; even with the
 * mantissa of FP8 for INT8, or with its threshold excluded; up that raises equality, or is not clamped first;
 * exponents clamped to -126 or 126; bits cut away ignored.
 */
import { describe, expect, it } from 'vitest'
import { float32, golden, sha256 } from '../golden-file.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { dequantize, quantize } from './block-scaling.ts'
import { type BlockRecipe, recipes, type ScaleSelection } from './recipes.ts'
import { scaleCodes } from './scale-codes.ts'

interface Case {
  scales: string
  codesSha256: string
  valuesSha256: string
  /** `[block, their scale code]` where it is not ours. */
  torchaoScales?: [number, number][]
  /** Blocks with our scale, but other codes. */
  torchaoCodes?: number[]
  gfloat?: number[]
  compressedTensors?: [number, number][]
}
const data = golden<{ maxima: string; blocksSha256: string; cases: Record<string, Case> }>('blocks-mx.json')
const maxima = float32(data.maxima)
const blocks = edgeBlocks()
const byFormat = {
  e4m3: recipes.mxfp8E4m3,
  e5m2: recipes.mxfp8E5m2,
  e2m3: recipes.mxfp6E2m3,
  e3m2: recipes.mxfp6E3m2,
  e2m1: recipes.mxfp4,
  mxint8: recipes.mxint8,
}
const cases = Object.entries(data.cases).map(([name, expected]) => {
  const [format, selection] = name.split(' ') as [keyof typeof byFormat, ScaleSelection]
  return { name, format, selection, expected, recipe: { ...byFormat[format], selection } }
})
const quantizeEdges = (recipe: BlockRecipe): BlockScaledArray => quantize(blocks, [maxima.length, 32], recipe)

it('makes the same blocks as Python', () => {
  expect(sha256(blocks)).toBe(data.blocksSha256)
  expect(cases.length).toBe(24)
})

describe.each(cases)('$name', ({ recipe, expected, format, selection }) => {
  const quantized = quantizeEdges(recipe)
  const bytes = scaleCodes(quantized)

  it('gives scales and codes of the transcription', () => {
    expect(bytes).toEqual(new Uint8Array(Buffer.from(expected.scales, 'base64')))
    expect(sha256(quantized.codes)).toBe(expected.codesSha256)
  })

  it('decodes to the same float32', () => {
    expect(sha256(dequantize(quantized))).toBe(expected.valuesSha256)
  })

  it('agrees with torchao but for infinity, the scale 2^-127, and its logarithm in rceil', () => {
    for (const [block, theirs] of expected.torchaoScales ?? []) {
      const amax = Math.abs(maxima[block]!)
      if (amax === Infinity) {
        // We: NaN, as for NaN. torchao lets the bits of Infinity through, in rceil it says 2^127.
        expect(bytes[block]).toBe(255)
        expect(theirs).toBe(selection === 'up' ? 254 : 255 - recipeExponent(recipe))
      } else {
        // One float32 above a threshold log2 rounds to the power of two below: half the scale, and a clipped block.
        expect(selection).toBe('up')
        expect(theirs).toBe(bytes[block]! - 1)
        expect(amax).toBeGreaterThan(recipe.target * quantized.scales[block]! * 0.5)
        expect(amax).toBeLessThan(recipe.target * quantized.scales[block]! * 0.500001)
      }
    }
    // torchao divides by 2^-126 there (rceil: by 1). Under a scale of NaN the other codes of a block mean nothing.
    for (const block of expected.torchaoCodes ?? []) {
      const scale = quantized.scales[block]!
      expect(scale === 2 ** -127 || Number.isNaN(scale)).toBe(true)
    }
    if (format !== 'mxint8') expect(expected.torchaoCodes!.length).toBeGreaterThan(0)
  })
})

it.each(cases.filter(({ selection }) => selection === 'floor'))(
  '$name agrees with gfloat but for NaN and infinity',
  ({ expected }) => {
    for (const block of expected.gfloat!) expect(maxima[block]).not.toSatisfy(Number.isFinite)
  },
)

it.each(cases.filter(({ expected }) => expected.compressedTensors !== undefined))(
  '$name agrees with compressed-tensors but for MXFP8, which it treats as FP4, and the end of float32',
  ({ expected, format, recipe }) => {
    const bytes = scaleCodes(quantizeEdges(recipe))
    for (const [block, theirs] of expected.compressedTensors!) {
      const amax = maxima[block]!
      // Their integer addition reaches the exponent of Infinity.
      if (amax >= 1.75 * 2 ** 127) expect(theirs).toBe(255)
      else {
        // The carry of two bits comes at 1.75, that of E4M3 at 1.9375.
        expect(format).toBe('e4m3')
        expect(theirs).toBe(bytes[block]! + 1)
        const fraction = amax / 2 ** Math.floor(Math.log2(amax))
        expect(fraction).toBeGreaterThanOrEqual(1.75)
        expect(fraction).toBeLessThan(1.9375)
      }
    }
  },
)

it('the float32 quotient of up by the reciprocal loses the last bit of INT8, and of subnormal scales', () => {
  const counts = Object.values(byFormat).map((plain) => {
    const recipe = { ...plain, selection: 'up' } as const
    const exact = quantizeEdges(recipe).scales
    const division = { ...plain.division, amax: 'reciprocal' } as const
    const multiplied = quantizeEdges({ ...recipe, division }).scales
    const differing = [...exact].flatMap((scale, i) => (Object.is(scale, multiplied[i]) ? [] : [i]))
    for (const i of differing) {
      expect(multiplied[i]).toBe(exact[i]! / 2)
      expect(exact[i] === 2 ** -126 || recipe.format === 'mxint8').toBe(true)
      // It clips then, by the last bit of a float32.
      const most = recipe.target * multiplied[i]!
      expect(maxima[i]).toBeGreaterThan(most)
      expect(maxima[i]).toBeLessThan(most * (1 + 2 ** -16))
    }
    return [recipe.format, differing.length]
  })
  expect(Object.fromEntries(counts)).toEqual({ e4m3: 1, e5m2: 0, e2m3: 1, e3m2: 0, e2m1: 1, mxint8: 7 })
})

const recipeExponent = ({ target }: BlockRecipe): number => Math.floor(Math.log2(target))

/** The blocks of `edge_blocks` in mx.py. */
function edgeBlocks(): Float32Array {
  return Float32Array.from({ length: maxima.length * 32 }, (_, i) => {
    const amax = maxima[i >>> 5]!
    if (i % 32 === 7) return amax
    const mantissa = Number((BigInt(i) * 2654435761n) % 2n ** 32n) / 2 ** 32 - 0.5
    const hash = Math.fround(mantissa * 2 ** (((i * 40503) % 19) - 12))
    return Math.min(Math.max(hash, -0.5), 0.5) * (Number.isFinite(amax) ? amax : 1)
  })
}
