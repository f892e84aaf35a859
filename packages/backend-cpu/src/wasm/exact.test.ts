/** Every code of every format through every decoding path, and e^x over the whole range of f32. */
import { values } from '@octoscale/fp8-core'
import { allocTensor, type Backend, readFloat32, uploadTensor, writeTensor } from '@octoscale/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createWasmBackend } from './index.ts'

let backend: Backend
beforeAll(async () => {
  backend = await createWasmBackend()
})
afterAll(() => backend.dispose())

const f32 = (shape: readonly number[], data: Float32Array) => {
  const made = allocTensor(backend, 'f32', shape, 'test')
  writeTensor(backend, made, data)
  return made
}

/** Names of values that differ: NaN equals NaN, and 0 differs from -0. */
function differences(got: Float32Array, expected: Float32Array): string[] {
  const wrong = Array.from(got, (value, i) => [i, value, expected[i]!] as const)
  return wrong.filter(([, a, b]) => !Object.is(a, b)).map(([i, a, b]) => `code ${i}: ${a}, not ${b}`)
}

describe('all 256 codes through linear', () => {
  const formats = { f8_e4m3: 'e4m3', f8_e5m2: 'e5m2' } as const
  /** Width 16 with one token decodes in registers, two tokens by rows, odd widths by the tail. */
  const paths = [
    { columns: 16, tokens: 1 },
    { columns: 16, tokens: 2 },
    { columns: 1, tokens: 1 },
    { columns: 19, tokens: 1 },
  ]
  for (const dtype of ['f8_e4m3', 'f8_e5m2'] as const) {
    for (const { columns, tokens } of paths) {
      test.each([1, 0.375])(`${dtype}, ${columns} columns, ${tokens} tokens, scale %f`, async (scale) => {
        // Row c holds code c at column c % columns, and zeros; x is ones. A sum of zeros is +0.
        const data = new Uint8Array(256 * columns)
        for (let code = 0; code < 256; code++) data[code * columns + (code % columns)] = code
        const codes = uploadTensor(backend, { dtype, shape: [256, columns], data }, 'codes')
        const scales = f32([2, 1], Float32Array.of(scale, scale))
        const weight = { codes, scales, block: [128, 128] } as const
        const x = f32([tokens, columns], new Float32Array(tokens * columns).fill(1))
        const out = allocTensor(backend, 'f32', [tokens, 256], 'out')
        backend.ops.linear({ x, weight, out })
        const expected = Float32Array.from(values(formats[dtype]), (value) => value * scale + 0)
        const got = await readFloat32(backend, out)
        for (let t = 0; t < tokens; t++) {
          expect(differences(got.subarray(t * 256, (t + 1) * 256), expected)).toEqual([])
        }
      })
    }
  }
})

test.each(['bf16', 'f16'] as const)(
  'all 65,536 codes of %s through embed, signs of zero included',
  async (dtype) => {
    const codes = Uint16Array.from({ length: 65536 }, (_, code) => code)
    const expected = Float32Array.from(values(dtype))
    for (const hidden of [64, 4]) {
      const rows = codes.length / hidden
      const made = allocTensor(backend, dtype, [rows, hidden], 'table')
      writeTensor(backend, made, codes)
      const ids = allocTensor(backend, 'i32', [rows], 'ids')
      writeTensor(
        backend,
        ids,
        Int32Array.from({ length: rows }, (_, id) => id),
      )
      const out = allocTensor(backend, 'f32', [rows, hidden], 'out')
      backend.ops.embed({ ids, table: made, out })
      expect(differences(await readFloat32(backend, out), expected)).toEqual([])
      for (const { buffer } of [made, ids, out]) backend.free(buffer)
    }
  },
)

test('silu over every 4,096th f32: within 2e-7 of float64, infinities and NaN as in the formula', async () => {
  const gate = new Float32Array(Uint32Array.from({ length: 1 << 20 }, (_, i) => i * 4096).buffer)
  const shape = [gate.length]
  const out = allocTensor(backend, 'f32', shape, 'out')
  const up = f32(shape, new Float32Array(gate.length).fill(1))
  backend.ops.siluMul({ gate: f32(shape, gate), up, out })
  const wrong: string[] = []
  ;(await readFloat32(backend, out)).forEach((got, i) => {
    const v = gate[i]!
    const expected = v / (1 + Math.exp(-v))
    // In f32, e^88.75 is Infinity, so that silu(-88.75) = -2.5e-37 becomes 0.
    if (
      Number.isNaN(expected)
        ? !Number.isNaN(got)
        : Math.abs(got - expected) > 2e-7 * Math.abs(expected) + 1e-36
    ) {
      wrong.push(`silu(${v}) = ${got}, not ${expected}`)
    }
  })
  expect(wrong.slice(0, 10)).toEqual([])
})
