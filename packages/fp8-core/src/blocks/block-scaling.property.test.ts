/**
 * What holds for every recipe and all numbers.
 *
 * Mutations seen red, here or in the other tests of block scaling: the sign kept in amax; no floor; no least float32
 * scale; HiF8 rounded to even; no saturation; bits cut away ignored; -2 of INT8 written.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeTable } from '../bulk/decode-table.ts'
import { formats } from '../formats/formats.ts'
import { float32, golden, sha256 } from '../golden-file.ts'
import { encoder } from '../scalar/encode.ts'
import { dequantize, quantize } from './block-scaling.ts'
import { type BlockRecipe, recipes, type ScaleSelection } from './recipes.ts'

const names = Object.keys(recipes) as (keyof typeof recipes)[]
const ue8m0: readonly ScaleSelection[] = ['floor', 'up', 'ceil', 'even', 'search']
const every: BlockRecipe[] = names.flatMap((name) => {
  const recipe = recipes[name]
  const selections: Record<string, readonly ScaleSelection[]> = {
    f32: ['nearest', 'search'],
    ue8m0,
    e4m3: ['nearest', 'search', 'four-over-six'],
  }
  return selections[recipe.scale]!.map((selection) => ({
    ...recipe,
    name: `${name} ${selection}`,
    selection,
  }))
})
const powersOfTwo = every.filter(({ scale, amaxFloor }) => scale === 'ue8m0' && amaxFloor === 0)

/** Matrices of up to 3 x 40, of 40 binades, with zeros: most rows end within a block. */
const number = fc
  .tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -24, max: 16 }))
  .map(([m, e]) => Math.fround(m * 2 ** e))
const matrix = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }))
  .chain(([rows, columns]) =>
    fc
      .array(fc.oneof({ weight: 9, arbitrary: number }, fc.constantFrom(0, -0)), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((list) => ({ x: Float32Array.from(list), shape: [rows, columns] as const })),
  )

describe.each(every)('$name', (recipe) => {
  it('errs by half a step of the format, or by what the scale clips', () => {
    const info = formats[recipe.format]
    const ladder = [...new Set(Array.from(decodeTable(info), Math.abs))]
      .filter(Number.isFinite)
      .sort((a, b) => a - b)
    const last = ladder.indexOf(recipe.format === 'mxint8' ? 127 / 64 : info.max)
    fc.assert(
      fc.property(matrix, ({ x, shape }) => {
        const quantized = quantize(x, shape, recipe)
        const actual = dequantize(quantized)
        const perRow = Math.ceil(shape[1] / recipe.block[1])
        const down = Math.min(recipe.block[0], shape[0])
        const wrong = x.findIndex((value, i) => {
          const across = Math.min(recipe.block[1], shape[1])
          const block =
            Math.floor(Math.floor(i / shape[1]) / down) * Math.max(perRow, 1) +
            Math.floor((i % shape[1]) / across)
          const scale = Math.fround(quantized.scales[block]! * (quantized.globalScale ?? 1))
          const magnitude = Math.abs(value) / scale
          const above = ladder.findIndex((step) => step >= magnitude)
          const rank = above === -1 || above > last ? last + 1 : above
          // Half of the step that holds the number; beyond the largest value all that is clipped.
          const half =
            rank > last ? magnitude - ladder[last]! : rank === 0 ? 0 : (ladder[rank]! - ladder[rank - 1]!) / 2
          // The quotient and the product are float32.
          const slack = 2 ** -22 * magnitude + 2 ** -60
          return !(Math.abs(value - actual[i]!) <= (half + slack) * scale && value * actual[i]! >= 0)
        })
        expect(wrong).toBe(-1)
      }),
      { numRuns: 25 },
    )
  })
})

describe.each(every.filter(({ scale }) => scale === 'ue8m0'))('$name', (recipe) => {
  it('changes nothing that has been through it; under floor and even not the codes either', () => {
    fc.assert(
      fc.property(matrix, ({ x, shape }) => {
        const once = quantize(x, shape, recipe)
        const values = dequantize(once)
        const twice = quantize(values, shape, recipe)
        expect(dequantize(twice)).toEqual(values)
        if (recipe.selection === 'floor' || recipe.selection === 'even')
          expect(twice.codes).toEqual(once.codes)
      }),
      { numRuns: 25 },
    )
  })
})

describe.each(powersOfTwo)('$name', (recipe) => {
  it('gives the codes of numbers times a power of two, under the scales times it', () => {
    fc.assert(
      fc.property(matrix, fc.integer({ min: -30, max: 30 }), ({ x, shape }, power) => {
        // Zero blocks keep their scale.
        const filled = x.map((value) =>
          value === 0 ? 1 : Math.sign(value) * Math.max(Math.abs(value), 2 ** -60),
        )
        const plain = quantize(filled, shape, recipe)
        const scaled = quantize(
          filled.map((value) => value * 2 ** power),
          shape,
          recipe,
        )
        expect(scaled.codes).toEqual(plain.codes)
        expect(scaled.scales).toEqual(plain.scales.map((scale) => scale * 2 ** power))
      }),
      { numRuns: 20 },
    )
  })
})

it.each(powersOfTwo.filter(({ selection }) => selection === 'up'))(
  '$name never clips, nor wastes',
  (recipe) => {
    const word = fc.integer({ min: 0, max: 0x7f7fffff })
    fc.assert(
      fc.property(word, (bits) => {
        const amax = new Float32Array(new Uint32Array([bits]).buffer)
        const scale = quantize(amax, [1, 1], recipe).scales[0]!
        // 2^127 is the end: of INT8 the last three quarters of a percent of float32 clip there.
        if (amax[0]! <= recipe.target * 2 ** 127) expect(amax[0]).toBeLessThanOrEqual(recipe.target * scale)
        if (scale > 2 ** -127) expect(amax[0]).toBeGreaterThan(recipe.target * (scale / 2))
      }),
      { numRuns: 500 },
    )
  },
)

it('encodes many numbers, by a table, as it does few', () => {
  const x = Float32Array.from({ length: 512 * 256 }, (_, i) => Math.sin(i * i) * 2 ** ((i % 40) - 20))
  for (const recipe of Object.values(recipes)) {
    const quantized = quantize(x, [512, 256], recipe)
    const info = formats[recipe.format]
    const encodeOne = encoder(info, { rounding: 'nearest' })
    const [height, width] = [Math.min(recipe.block[0], 512), Math.min(recipe.block[1], 256)]
    const differing = quantized.codes.findIndex((code, i) => {
      const block = Math.floor(Math.floor(i / 256) / height) * (256 / width) + Math.floor((i % 256) / width)
      const scale = Math.fround(quantized.scales[block]! * (quantized.globalScale ?? 1))
      const quotient = Math.fround(x[i]! / scale)
      const bounded = Math.min(Math.max(quotient, -info.max), info.max)
      return code !== encodeOne(bounded)
    })
    expect({ recipe: recipe.name, differing }).toEqual({ recipe: recipe.name, differing: -1 })
  }
})

describe('whole rows, the whole matrix, and HiF8, as in numpy', () => {
  const { wholeRows } = golden<{ wholeRows: Record<string, { scales: string; codesSha256: string }> }>(
    'blocks.json',
  )
  const x = Float32Array.from({ length: 7 * 300 }, (_, i) => {
    const mantissa = Number((BigInt(i) * 2654435761n) % 2n ** 32n) / 2 ** 32 - 0.5
    return mantissa * 2 ** (((i * 40503) % 19) - 12)
  })
  it.each(Object.entries(wholeRows))('%s', (name, expected) => {
    const quantized = quantize(x, [7, 300], recipes[name as keyof typeof recipes])
    expect(quantized.scales).toEqual(float32(expected.scales))
    expect(sha256(quantized.codes)).toBe(expected.codesSha256)
  })
})

it('reads values that begin within a buffer, and shared memory', () => {
  const whole = Float32Array.from({ length: 67 }, (_, i) => i - 30)
  const shared = new Float32Array(new SharedArrayBuffer(67 * 4))
  shared.set(whole)
  for (const part of [whole.subarray(3), shared.subarray(3)]) {
    expect(quantize(part, [2, 32], recipes.mxfp4)).toEqual(quantize(whole.slice(3), [2, 32], recipes.mxfp4))
  }
})
