/**
 * Integer codes are the weights, to the bit: `code * scale + minimum` in f32 is what the Python package `gguf` dequantises
 * (`open-gguf.test.ts` compares `readFloat32` with that).
 *
 * Mutations seen red: minimums not negated, scales of the next block, a wrong zero of Q5_0 or Q6_K, codes of MXFP4 with
 * the whole scale, rows counted from the first, parts not advanced.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FormatError } from '../errors.ts'
import type { IntegerCodes } from '../host.ts'
import { ggmlType, ggmlTypes } from './ggml-types.ts'
import { halfValues } from './half-values.ts'
import { openGguf } from './open-gguf.ts'
import { integerLayout, readCodes } from './read-codes.ts'
import { bitsOf, expected, fileOf, golden, info } from './test-files.ts'

/** What a backend makes of the codes: each step rounded to f32. */
function valuesOf({ codes, scales, minimums, block }: IntegerCodes): Float32Array {
  return Float32Array.from(codes, (code, i) => {
    const product = Math.fround(code * scales[Math.floor(i / block[1])]!)
    return minimums === undefined ? product : product + minimums[Math.floor(i / block[1])]!
  })
}

const quantised = ggmlTypes.filter((type) => type.integers !== undefined).map(({ name }) => name)

test('which types are integers', () => {
  expect(quantised).toEqual('Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q2_K Q3_K Q4_K Q5_K Q6_K MXFP4 NVFP4'.split(' '))
  expect(integerLayout('Q4_K')).toEqual({ block: [1, 32], minimums: true })
  expect(integerLayout('Q6_K')).toEqual({ block: [1, 16], minimums: false })
  for (const dtype of ['F32', 'BF16', 'I8', 'IQ4_XS', 'Q8_K', 'F8_E4M3', 'type 99']) {
    expect(integerLayout(dtype), dtype).toBeUndefined()
  }
})

const goldenNames = Object.entries(expected.tensors)
  .filter(([, { dtype }]) => quantised.includes(dtype))
  .map(([name]) => name)

test('every type is in the golden file', () => {
  expect(new Set(goldenNames.map((name) => expected.tensors[name]!.dtype))).toEqual(new Set(quantised))
})

test.each(goldenNames)('%s: the values of the Python library, whole and by rows', async (name) => {
  const file = await openGguf(golden('tensors.gguf'))
  const whole = await readCodes(file, name)
  const bits = bitsOf(await file.readFloat32(name))
  expect(bitsOf(valuesOf(whole))).toEqual(bits)
  const [rows, columns] = whole.shape
  expect(rows * columns).toBe(bits.length)
  expect(whole.scales.length).toBe(bits.length / whole.block[1])
  expect(whole.minimums?.length).toBe(
    integerLayout(expected.tensors[name]!.dtype)!.minimums ? whole.scales.length : undefined,
  )
  const last = await readCodes(file, name, { rows: [rows - 1, rows] })
  expect(bitsOf(valuesOf(last))).toEqual(bits.subarray(bits.length - columns))
  expect(last.shape).toEqual([1, columns])
  const out = { ...last, codes: new Int8Array(columns) }
  expect((await readCodes(file, name, { rows: [rows - 1, rows], out })).codes).toBe(out.codes)
  expect(out.codes).toEqual(last.codes)
  expect((await readCodes(file, name, { rows: [rows, rows] })).shape).toEqual([0, columns])
})

describe('blocks of random bits', () => {
  test.each(quantised)('%s', async (name) => {
    const { number, blockSize, blockBytes } = ggmlType(name)!
    const blocks = fc.uint8Array({ minLength: 3 * blockBytes, maxLength: 3 * blockBytes })
    await fc.assert(
      fc.asyncProperty(blocks, async (bytes) => {
        const file = await openGguf(
          fileOf({ tensors: [info('w', [BigInt(blockSize), 3n], number, 0n)], data: bytes }),
        )
        const codes = await readCodes(file, 'w')
        expect(bitsOf(valuesOf(codes))).toEqual(bitsOf(await file.readFloat32('w')))
      }),
      { numRuns: 100 },
    )
  })
})

test('the product of an f16, a scale of 8 bits and a code of 6 bits is an f32: Q6_K, the widest', () => {
  const half = halfValues()
  // All mantissas of one exponent; another one only shifts the product.
  for (let d = 0x3c00; d < 0x4000; d++) {
    for (let scale = -128; scale < 128; scale++) {
      for (let code = -32; code < 32; code++) {
        const product = half[d]! * scale * code
        if (Math.fround(product) !== product) throw new RangeError(`${half[d]} * ${scale} * ${code}`)
      }
    }
  }
})

test('a tensor of many parts', async () => {
  // 2.2 MB of Q8_0: parts of 1 MiB are no multiple of a row.
  const [rows, columns] = [1031, 2016]
  const data = new Uint8Array((rows * columns * 34) / 32)
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + (i >> 9)) & 0x3f
  const file = await openGguf(fileOf({ tensors: [info('w', [BigInt(columns), BigInt(rows)], 8, 0n)], data }))
  const whole = bitsOf(await file.readFloat32('w'))
  expect(bitsOf(valuesOf(await readCodes(file, 'w')))).toEqual(whole)
  const some = await readCodes(file, 'w', { rows: [500, 1031] })
  expect(bitsOf(valuesOf(some))).toEqual(whole.subarray(500 * columns))
})

describe('refused', () => {
  const open = () => openGguf(golden('tensors.gguf'))
  test('what is no block of integers', async () => {
    const refused = expect(readCodes(await open(), 'F16')).rejects
    await refused.toThrow(FormatError)
    await refused.toThrow(/tensor "F16": F16 is not stored as integers with scales, as Q4_0, .*, NVFP4 are$/)
  })
  test('rows that are not there, arrays of another length', async () => {
    const file = await open()
    const name = goldenNames[0]!
    await expect(readCodes(file, name, { rows: [0, 1e6] })).rejects.toThrow(
      /readCodes: rows must be two integers/,
    )
    const { codes, scales } = await readCodes(file, name)
    await expect(readCodes(file, name, { out: { codes: codes.subarray(1), scales } })).rejects.toThrow(
      /out\.codes must be \d+ long for these rows/,
    )
    await expect(readCodes(file, name, { out: { codes, scales: scales.subarray(1) } })).rejects.toThrow(
      /out\.scales must be/,
    )
  })
})
