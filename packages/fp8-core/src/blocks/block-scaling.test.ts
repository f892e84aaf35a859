/**
 * Block scaling against a transcription of DeepSeek's formulas into torch (tooling/fixtures/fp8-core/blocks.py).
 *
 * Mutations seen red: scale rounded to nearest, down, or kept as float64; amax without floor, with a float64 floor, or
 * over the whole row; amax times 1 / 448; values divided in float64 or multiplied by 1 / s; block rows or columns counted
 * by floor; the last partial block dropped; NaN ignored by amax; low mantissa bits or subnormals ignored by isPowerOfTwo.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ArgumentError, LengthError } from '../errors.ts'
import { float32, golden, sha256 } from '../golden-file.ts'
import { cosineDifference, maxAbsoluteError, sqnr } from '../metrics/metrics.ts'
import { decode } from '../scalar/decode.ts'
import { isPowerOfTwo } from '../scalar/float64-bits.ts'
import type { BlockScaledArray } from './block-scaled-array.ts'
import { dequantize, findNotPowerOfTwo, quantize } from './block-scaling.ts'
import { type BlockRecipe, recipes } from './recipes.ts'

interface Case {
  shape: [number, number]
  block: [number, number]
  scale: BlockRecipe['scale']
  float32?: string
  valuesSha256: string
  codesSha256: string
  scales: string
  dequantizedSha256: string
  codesThatDifferWithReciprocal: number
  scalesThatDifferWithLogarithm: [index: number, scale: number][]
  sqnr: number
  calcDiff: number
  maxAbsoluteError: number
}
const data = golden<{ cases: Record<string, Case>; amaxWhereReciprocalChangesUe8m0Scale: number }>(
  'blocks.json',
)

describe.each(Object.entries(data.cases))('%s', (_, expected) => {
  const recipe = Object.values(recipes).find(
    ({ block, scale }) => block[0] === expected.block[0] && scale === expected.scale,
  )!
  const values = expected.float32 === undefined ? matrix(expected.shape) : float32(expected.float32)
  const quantized = quantize(values, expected.shape, recipe)

  it('gives the codes and scales of torch, partial blocks included', () => {
    expect(sha256(values)).toBe(expected.valuesSha256)
    expect(quantized.scales).toEqual(float32(expected.scales))
    expect(sha256(quantized.codes)).toBe(expected.codesSha256)
  })

  it('dequantizes to the float32 of torch', () => {
    expect(sha256(dequantize(quantized))).toBe(expected.dequantizedSha256)
  })

  it('measures the error as torch and DeepGEMM do', () => {
    const actual = dequantize(quantized)
    expect(sqnr(values, actual)).toBeCloseTo(expected.sqnr, 9)
    expect(cosineDifference(values, actual)).toBeCloseTo(expected.calcDiff, 12)
    expect(maxAbsoluteError(values, actual)).toBe(expected.maxAbsoluteError)
  })
})

describe('who says what', () => {
  it("DeepGEMM's multiplication by 1 / s changes codes on ties under float32 scales, and nothing else here", () => {
    for (const [name, { codesThatDifferWithReciprocal }] of Object.entries(data.cases)) {
      expect(codesThatDifferWithReciprocal).toBe(name === 'ties f32' ? 198 : 0)
    }
  })

  it("V3.2's multiplication by 1 / 448 gives the powers of two of our division, for all amax of a binade", () => {
    expect(data.amaxWhereReciprocalChangesUe8m0Scale).toBe(0)
  })

  it("V3's exp2(ceil(log2(s))) halves the scale just above a power of two; we do as DeepGEMM does, by the bits", () => {
    const { scales, scalesThatDifferWithLogarithm } = data.cases['edges ue8m0']!
    expect(scalesThatDifferWithLogarithm.length).toBeGreaterThan(0)
    for (const [i, scale] of scalesThatDifferWithLogarithm) expect(float32(scales)[i]).toBe(2 * scale)
  })
})

const tiny: BlockRecipe = { ...recipes.deepseekWeightUe8m0, name: 'tiny', block: [2, 3] }

it('gives every block its own scale: the least power of two under which it does not clip', () => {
  const shape = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }))
  const number = fc.double({ min: -1, max: 1, noNaN: true })
  const filled = shape.chain(([rows, columns]) =>
    fc.tuple(
      fc.constant([rows, columns] as const),
      fc.array(fc.tuple(number, fc.integer({ min: -20, max: 20 })), {
        minLength: rows * columns,
        maxLength: rows * columns,
      }),
    ),
  )
  fc.assert(
    fc.property(filled, ([[rows, columns], pairs]) => {
      const values = Float32Array.from(pairs, ([m, e]) => m * 2 ** e)
      const quantized = quantize(values, [rows, columns], tiny)
      const actual = dequantize(quantized)
      const perRow = Math.ceil(columns / 3)
      const largest = new Float32Array(quantized.scales.length).fill(1e-4)
      for (const [i, value] of values.entries()) {
        const block = Math.floor(Math.floor(i / columns) / 2) * perRow + Math.floor((i % columns) / 3)
        const scale = quantized.scales[block]!
        largest[block] = Math.max(largest[block]!, Math.abs(value))
        // Half a step: 2^-4 of a normal value, half of the least subnormal 2^-9 below.
        const bound = Math.max(Math.abs(value) * 2 ** -4, scale * 2 ** -10)
        expect(Math.abs(value - actual[i]!)).toBeLessThanOrEqual(bound)
      }
      for (const [block, scale] of quantized.scales.entries()) {
        expect(isPowerOfTwo(scale)).toBe(true)
        expect(largest[block]).toBeLessThanOrEqual(448 * scale)
        expect(largest[block]).toBeGreaterThan(448 * (scale / 2))
      }
    }),
  )
})

it('makes a block of zeros zeros, with the scale of the floor', () => {
  const quantized = quantize(new Float32Array(4), [1, 4], recipes.deepseekActivationUe8m0)
  expect([...quantized.scales]).toEqual([2 ** -22])
  expect([...dequantize(quantized)]).toEqual([0, 0, 0, 0])
})

it('takes empty matrices, also with very many rows', () => {
  for (const shape of [
    [0, 5],
    [2 ** 53 - 1, 0],
  ] as const) {
    expect(dequantize(quantize(new Float32Array(0), shape, tiny))).toEqual(new Float32Array(0))
  }
})

it('overflows in float32 as the formula does: near its end a power of two above amax / 448 leaves no room', () => {
  const quantized = quantize(new Float32Array([3.4e38]), [1, 1], tiny)
  expect([...dequantize(quantized)]).toEqual([Infinity])
})

it('takes the floor as a float32', () => {
  const floored = (amaxFloor: number) =>
    quantize(new Float32Array(1), [1, 1], { ...recipes.deepseekActivation, amaxFloor }).scales[0]!
  expect(floored(1e-3)).toBe(Math.fround(Math.fround(1e-3) / 448))
  expect(floored(1e-3)).not.toBe(Math.fround(1e-3 / 448))
})

it.each([NaN, Infinity, -Infinity])('makes a block with %d NaN, and no other block', (bad) => {
  const values = new Float32Array(12).fill(1)
  values[4] = bad
  const quantized = quantize(values, [2, 6], tiny)
  expect(dequantize(quantized)).toEqual(new Float32Array([1, 1, 1, NaN, NaN, NaN, 1, 1, 1, NaN, NaN, NaN]))
  expect(decode(quantized.codes[3]!, 'e4m3')).toBeNaN()
})

it('finds scales that UE8M0 cannot hold, such as those of o_proj in DeepSeek-V3.1', () => {
  expect(findNotPowerOfTwo([1, 2 ** -127, 2 ** 127, 0.5])).toBe(-1)
  // DeepSeek-V3#961.
  expect(findNotPowerOfTwo([2 ** -10, 8.074192010099068e-5])).toBe(1)
  for (const bad of [0, -1, NaN, Infinity, 2 ** -128, 2 ** 128]) expect(findNotPowerOfTwo([bad])).toBe(0)
})

it('tells powers of two over all of float64', () => {
  for (let e = -1074; e < 1024; e++) {
    const power = 2 ** e
    expect(isPowerOfTwo(power)).toBe(true)
    if (e > -1074) expect(isPowerOfTwo(1.5 * power)).toBe(false)
    expect(isPowerOfTwo(-power)).toBe(false)
  }
  expect(isPowerOfTwo(1 + 2 ** -52)).toBe(false)
})

describe('refuses', () => {
  it('arrays that do not fit the shape', () => {
    expect(() => quantize(new Float32Array(5), [2, 3], tiny)).toThrow(LengthError)
    const good = quantize(new Float32Array(6), [2, 3], tiny)
    const bad: BlockScaledArray[] = [
      { ...good, codes: new Uint8Array(5) },
      { ...good, scales: new Float32Array(2) },
    ]
    for (const quantized of bad) expect(() => dequantize(quantized)).toThrow(LengthError)
    expect(() => dequantize(good, new Float32Array(7))).toThrow(LengthError)
    const bytes = new Uint8Array(6) as unknown as Float32Array
    expect(() => dequantize(good, bytes)).toThrow(/out must be a Float32Array, got a Uint8Array/)
  })

  it('plain arrays, also of the right length, and names the part', () => {
    const good = quantize(new Float32Array(6), [2, 3], tiny)
    for (const part of ['codes', 'scales'] as const) {
      const quantized = { ...good, [part]: [...good[part]] } as unknown as BlockScaledArray
      expect(() => dequantize(quantized)).toThrow(
        expect.objectContaining({ argument: part, got: 'an array' }),
      )
    }
  })

  it('a recipe of things that have no text of their own', () => {
    const bare = Object.create(null) as never
    for (const part of ['block', 'scale', 'selection', 'target', 'amaxFloor', 'globalScale'] as const) {
      const argument = `recipe.${part}`
      const call = () => quantize(new Float32Array(6), [2, 3], { ...tiny, [part]: bare })
      expect(call).toThrow(expect.objectContaining({ name: 'ArgumentError', argument, got: 'an object' }))
    }
  })

  it.each([[[-1, 3]], [[1.5, 2]], [[NaN, 2]], [[6]]] as unknown as [[number, number]][])(
    'shape %j',
    (shape) => {
      expect(() => quantize(new Float32Array(6), shape, tiny)).toThrow(ArgumentError)
    },
  )

  it.each([
    { block: [0, 3] },
    { block: [1, -Infinity] },
    { block: [1.5, 2] },
    { block: [4] },
    { block: undefined },
    { block: Array(2) },
    { format: 'bf16' },
    { format: 'e8m0' },
    { scale: 'f16' },
    { scale: 'constructor' },
    { selection: 'nearest' },
    { selection: 'four-over-six' },
    { selection: undefined },
    { scale: 'f32' },
    { scale: 'e4m3', selection: 'up' },
    { scale: 'e4m3', selection: 'four-over-six' },
    { target: 0 },
    { target: 0.5 },
    { target: 449 },
    { target: NaN },
    { format: 'e2m1' },
    { amaxFloor: -1 },
    { amaxFloor: 3.5e38 },
    { amaxFloor: NaN },
    { division: undefined },
    { division: { amax: 'divide' } },
    { globalScale: true },
    { globalScale: undefined },
  ] as Partial<BlockRecipe>[])('recipe with %j', (part) => {
    expect(() => quantize(new Float32Array(6), [2, 3], { ...tiny, ...part })).toThrow(ArgumentError)
  })
})

/** The numbers of `matrix` in blocks.py: a multiplicative hash, over 19 binades. */
function matrix([rows, columns]: readonly [number, number]): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const mantissa = Number((BigInt(i) * 2654435761n) % 2n ** 32n) / 2 ** 32 - 0.5
    return mantissa * 2 ** (((i * 40503) % 19) - 12)
  })
}
