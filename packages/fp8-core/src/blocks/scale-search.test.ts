/**
 * Scales by search against plain loops in numpy (tooling/fixtures/fp8-core/scale_search.py), and against the other rules.
 *
 * Mutations seen red, here or in the other tests of block scaling: a shorter grid, or none below 1; the last of
 * equals; no half of floor's scale; fewer E4M3 codes on either side; four over six without four; errors without the
 * global scale, or of a block's first row only.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float32, golden, sha256 } from '../golden-file.ts'
import { dequantize, quantize } from './block-scaling.ts'
import { type BlockRecipe, recipes, type ScaleSelection } from './recipes.ts'

const data = golden<{
  shape: [number, number]
  valuesSha256: string
  cases: Record<string, { scales: string; codesSha256: string }>
}>('blocks-search.json')
const values = Float32Array.from({ length: data.shape[0] * data.shape[1] }, (_, i) => {
  const mantissa = Number((BigInt(i) * 2654435761n) % 2n ** 32n) / 2 ** 32 - 0.5
  return mantissa * 2 ** (((i * 40503) % 19) - 12)
})
const mx = [
  recipes.mxfp8E4m3,
  recipes.mxfp8E5m2,
  recipes.mxfp6E2m3,
  recipes.mxfp6E3m2,
  recipes.mxfp4,
  recipes.mxint8,
]

const float32Scales = [
  { ...recipes.deepseekActivation, amaxFloor: 0 },
  { ...recipes.rowE4m3, format: 'e2m1', block: [1, 32], target: 6 } as const,
]

it.each([...float32Scales, ...mx])('finds the scales of numpy: $name', (plain) => {
  const recipe: BlockRecipe = { ...plain, selection: 'search' }
  expect(sha256(values)).toBe(data.valuesSha256)
  const expected = data.cases[`${recipe.format} ${recipe.scale}`]!
  const quantized = quantize(values, data.shape, recipe)
  expect(quantized.scales).toEqual(float32(expected.scales))
  expect(sha256(quantized.codes)).toBe(expected.codesSha256)
})

const number = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -12, max: 3 }))
  .map(([m, e]) => Math.fround(m * 2 ** e))

function squaredError(x: Float32Array, shape: readonly [number, number], recipe: BlockRecipe): number {
  return dequantize(quantize(x, shape, recipe)).reduce((sum, y, i) => sum + (x[i]! - y) ** 2, 0)
}

describe('is never worse than the rules without a search', () => {
  const f32 = ['nearest'] as const
  const ue8m0 = ['floor', 'up', 'ceil', 'even'] as const
  const all: [BlockRecipe, readonly ScaleSelection[]][] = [
    ...mx.map((recipe): [BlockRecipe, readonly ScaleSelection[]] => [recipe, ue8m0]),
    [{ ...recipes.deepseekActivation, block: [1, 8] }, f32],
    [{ ...recipes.hif8Block, block: [1, 8] }, f32],
    [{ ...recipes.nvfp4, globalScale: false }, ['nearest', 'four-over-six']],
  ]
  it.each(all)('$name', (recipe, others) => {
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 16 }), (list) => {
        const x = Float32Array.from(list)
        const searched = squaredError(x, [1, x.length], { ...recipe, selection: 'search' })
        // The search sums errors of exact products; here each value y was rounded to float32, by at most |y| 2^-24, and
        // |y| <= 2 |x|. Both norms may therefore be off by 2^-23 |x|.
        const rounding = 2 ** -22 * Math.hypot(...x)
        for (const selection of others) {
          const other = squaredError(x, [1, x.length], { ...recipe, selection })
          expect(Math.sqrt(searched)).toBeLessThanOrEqual(Math.sqrt(other) + rounding)
        }
      }),
      { numRuns: 200 },
    )
  })
})

it('keeps the scale of the plain rule among equals', () => {
  // All of it is exact under several scales.
  const x = Float32Array.from({ length: 32 }, (_, i) => [1, 2, -4, 0][i % 4]!)
  for (const recipe of mx.slice(0, 5)) {
    const searched = quantize(x, [1, 32], { ...recipe, selection: 'search' })
    expect(searched.scales).toEqual(quantize(x, [1, 32], recipe).scales)
  }
  const f32 = { ...recipes.rowE4m3, target: 256, selection: 'search' } as const
  expect(quantize(x, [1, 32], f32).scales).toEqual(new Float32Array([2 ** -6]))
})

it('searches a block of zeros no further', () => {
  const zeros = new Float32Array(32)
  expect(quantize(zeros, [1, 32], { ...recipes.mxfp4, selection: 'search' }).scales[0]).toBe(2 ** -127)
  expect(quantize(zeros, [1, 32], { ...recipes.rowE4m3, selection: 'search' }).scales[0]).toBe(2 ** -126)
})

it('takes the whole of a block into account, and clips its largest number where that pays', () => {
  // Under floor's 1/4 the 1 is exact and each 3/16 errs by 1/16; under 1/8 the 1 errs by 1/4, and the others are exact.
  const x = new Float32Array(64).fill(3 / 16, 32)
  x[0] = 1
  const recipe: BlockRecipe = { ...recipes.mxfp4, block: [2, 32], selection: 'search' }
  expect([...quantize(x, [2, 32], recipe).scales]).toEqual([1 / 8])
  expect([...quantize(x, [2, 32], { ...recipe, block: [1, 32] }).scales]).toEqual([1 / 4, 1 / 32])
})
