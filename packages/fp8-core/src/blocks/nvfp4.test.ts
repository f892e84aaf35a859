/**
 * NVFP4 against a transcription into numpy float32 (tooling/fixtures/fp8-core/nvfp4.py) and torchao.
 *
 * Mutations seen red, here or in the other tests of block scaling: a block scale of 0; 448 in the global scale of a
 * search; no global scale for zeros; infinity counted in it; one rounding instead of two; another association of the
 * reciprocals; the multiplier or quotient in float64; an inverse that is Infinity; the global scale not checked.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { bytes, float32, golden, sha256 } from '../golden-file.ts'
import { decode } from '../scalar/decode.ts'
import { dequantize, quantize } from './block-scaling.ts'
import { type BlockRecipe, type Division, recipes, type ScaleSelection } from './recipes.ts'
import { scaleCodes } from './scale-codes.ts'

interface Case {
  selection: ScaleSelection
  division: Division
  globalScale: number | null
  scales: string
  codesSha256: string
  valuesSha256: string
  /** `[block, theirs, ours]` */
  torchaoScales?: [number, number, number][]
  torchaoCodes?: number[]
}
const data = golden<{
  shape: [number, number]
  float32: string
  globalScales: { torchao: number; inverseOfCompressedTensors: number }
  /** `[block, theirs, ours]` */
  compressedTensorsScales: [number, number, number][]
  ties: { maximaSha256: string; divide: string; reciprocal: string; codesThatDiffer: number }
  cases: Record<string, Case>
}>('blocks-nvfp4.json')
const values = float32(data.float32)

describe.each(Object.entries(data.cases))('%s', (_, expected) => {
  const { selection, division, globalScale } = expected
  const recipe: BlockRecipe = {
    ...recipes.nvfp4,
    selection,
    division: { amax: division, values: division },
    globalScale: globalScale !== null,
  }
  const quantized = quantize(values, data.shape, recipe)

  it('gives the scales and codes of numpy', () => {
    expect(quantized.globalScale).toBe(globalScale ?? undefined)
    expect(scaleCodes(quantized)).toEqual(bytes(expected.scales))
    expect(sha256(quantized.codes)).toBe(expected.codesSha256)
    expect(sha256(dequantize(quantized))).toBe(expected.valuesSha256)
  })

  it('agrees with torchao but for its least scale, 2^-6', () => {
    for (const [, theirs, ours] of expected.torchaoScales ?? []) {
      expect(theirs).toBe(2 ** -6)
      expect(ours).toBeLessThan(2 ** -6)
    }
    expect(expected.torchaoCodes ?? []).toEqual([])
  })
})

describe('who says what', () => {
  it('torchao has our global scale; compressed-tensors stores its inverse, which rounds', () => {
    const { globalScale } = quantize(values, data.shape, recipes.nvfp4)
    expect(data.globalScales.torchao).toBe(globalScale)
    expect(data.globalScales.inverseOfCompressedTensors).not.toBe(globalScale)
    expect(data.globalScales.inverseOfCompressedTensors / globalScale!).toBeCloseTo(1, 6)
  })

  it('a scale that rounds to 0 is 2^-9 here, 2^-6 in torchao, and in compressed-tensors 0.125', () => {
    const least = data.cases.divide!.torchaoScales!.filter(([, , ours]) => ours === 2 ** -9)
    expect(least.length).toBe(3)
    // Where they do not, compressed-tensors has our scales, multiplying by the inverse.
    const expected = least.map(([block, , ours]) => [block, 0.125, ours])
    expect(data.compressedTensorsScales).toEqual(expected)
  })
})

describe('around each midpoint of E4M3', () => {
  const total = Math.fround(1002 / (448 * 6))
  const word = new Int32Array(1)
  const near = Array.from({ length: 125 * 9 }, (_, i) => {
    const code = 1 + Math.floor(i / 9)
    const tie = (decode(code, 'e4m3') + decode(code + 1, 'e4m3')) / 2
    new Float32Array(word.buffer)[0] = tie * 6 * total
    word[0] = word[0]! + (i % 9) - 4
    return new Float32Array(word.buffer)[0]!
  })
  const maxima = Float32Array.of(1002, ...near)
  const x = new Float32Array(maxima.length * 16)
  for (const [i, amax] of maxima.entries()) x[i * 16] = amax
  const scales = (amax: Division) => {
    const division = { amax, values: amax }
    return scaleCodes(quantize(x, [maxima.length, 16], { ...recipes.nvfp4, division }))
  }

  it('block scales are those of numpy, by both definitions', () => {
    expect(sha256(maxima)).toBe(data.ties.maximaSha256)
    expect(sha256(scales('divide'))).toBe(data.ties.divide)
    expect(sha256(scales('reciprocal'))).toBe(data.ties.reciprocal)
  })

  it('the definitions differ', () => {
    const multiplied = scales('reciprocal')
    const differing = scales('divide').filter((code, i) => code !== multiplied[i]).length
    expect(differing).toBe(data.ties.codesThatDiffer)
    expect(differing).toBeGreaterThan(0)
  })
})

it('maps the largest magnitude to 448 * 6, and to 256 * 6 where blocks may choose', () => {
  const x = Float32Array.from({ length: 16 }, (_, i) => [8, 6, -4, 3, 2, -1][i % 6]!)
  const scaled = (selection: ScaleSelection) => quantize(x, [1, 16], { ...recipes.nvfp4, selection })
  expect(scaled('nearest').scales).toEqual(new Float32Array([448]))
  expect(scaled('nearest').globalScale).toBe(Math.fround(8 / 2688))
  expect(scaled('four-over-six').globalScale).toBe(Math.fround(8 / 1536))
  // All of x / 2 are FP4 numbers, those of x * 6 / 8 are not.
  expect(scaled('four-over-six').scales).toEqual(new Float32Array([384]))
})

it('has a global scale of 1 for zeros, and of at least 2^-126', () => {
  const zeros = quantize(new Float32Array(16), [1, 16], recipes.nvfp4)
  expect(zeros.globalScale).toBe(1)
  expect([...dequantize(zeros)]).toEqual(new Array(16).fill(0))
  for (const values of ['divide', 'reciprocal'] as const) {
    const division = { amax: values, values } as const
    const tiny = quantize(new Float32Array(16).fill(1e-42, 0, 8), [1, 16], { ...recipes.nvfp4, division })
    expect(tiny.globalScale).toBe(2 ** -126)
    expect([...tiny.scales]).toEqual([2 ** -9])
  }
})

it('keeps NaN and infinity out of the global scale and of other blocks', () => {
  const x = new Float32Array(48).fill(3)
  x[20] = Infinity
  x[40] = NaN
  const quantized = quantize(x, [1, 48], recipes.nvfp4)
  expect(quantized.globalScale).toBe(Math.fround(3 / 2688))
  expect(quantized.scales).toEqual(new Float32Array([448, NaN, NaN]))
  expect([...dequantize(quantized)].map(Number.isNaN)).toEqual(Array.from(x, (_, i) => i >= 16))
})

it.each([undefined, NaN, Infinity, '1'])('refuses to dequantize with the global scale %s', (globalScale) => {
  const quantized = quantize(new Float32Array(16), [1, 16], recipes.nvfp4)
  expect(() => dequantize({ ...quantized, globalScale: globalScale as number })).toThrow(ArgumentError)
})

it('refuses a global scale that the recipe does not have', () => {
  const quantized = quantize(new Float32Array(32), [1, 32], recipes.mxfp4)
  expect(() => dequantize({ ...quantized, globalScale: 1 })).toThrow(ArgumentError)
})
