/** Every code of every format that weights are stored in, decoded on the GPU; the same tests in Node and in a page. */
import { type FormatName, values } from '@octoscale/fp8-core'
import {
  allocTensor,
  type Backend,
  type DType,
  formatOfDType,
  numel,
  readFloat32,
  tensor,
  writeTensor,
} from '@octoscale/tensor'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findGpu } from '../device/find-gpu.ts'
import { openDevice } from '../device/open-device.ts'
import { createWebgpuBackend } from '../index.ts'
import { runtimeOnDevice } from '../runtime-on-device.ts'
import { ELEMENTWISE, elementwise } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'

const decodeProgram: Program = {
  name: 'decode',
  code: () => elementwise('set_out_bits(i, codes_bits(i));\n  set_fours(i, codes4(i)[0]);'),
}

/** Bits of each value as f32, every NaN as one: a language may write any. */
function bitsOf(numbers: Float32Array): number[] {
  const bits = new Uint32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  return Array.from(bits, (each, i) => (Number.isNaN(numbers[i]) ? 0x7fc00000 : each))
}

export function describeCodes(): void {
  describe('codes become the bits of their values', () => {
    // Held, because in Node a device lives only as long as its entry point.
    let gpu: GPU | undefined
    let opened: ReturnType<typeof runtimeOnDevice>
    beforeAll(async () => {
      gpu = findGpu()
      const { device } = await openDevice(gpu, {})
      opened = runtimeOnDevice(device)
    })
    afterAll(() => {
      opened.memory.dispose()
      gpu = undefined
    })

    test.each(Object.entries(formatOfDType))('%s', async (dtype, format) => {
      const { memory, runtime } = opened
      const expected = Float32Array.from(values(format))
      const count = expected.length
      const wide = count > 256
      // Every alignment to a word: a tensor's offset is a multiple of its element's size only.
      for (const first of wide ? [0, 1] : [0, 1, 2, 3]) {
        const bytes = wide ? 2 : 1
        const buffer = memory.alloc((count + first) * bytes, 'codes')
        const codes = { ...tensor(buffer, dtype as DType, [count]), offset: first * bytes, shape: [count] }
        const data = Array.from({ length: count }, (_, code) => code)
        writeTensor(memory, codes, wide ? Uint16Array.from(data) : Uint8Array.from(data))
        const [out, fours] = [
          allocTensor(memory, 'f32', [count], 'out'),
          allocTensor(memory, 'f32', [count], 'fours'),
        ]
        runtime.run({
          program: decodeProgram,
          tensors: { codes: reads(codes), out: writes(out), fours: writes(fours) },
          numbers: { count },
          workgroups: Math.ceil(count / ELEMENTWISE),
        })
        expect(bitsOf(await readFloat32(memory, out))).toEqual(bitsOf(expected))
        // As a value it went through float registers, which may make another NaN of a NaN, or 0 of a subnormal.
        const normal = (value: number): number => (Math.abs(value) < 2 ** -126 ? 0 : value)
        const got = (await readFloat32(memory, fours)).map(normal)
        expect(bitsOf(got.map((value) => value + 0))).toEqual(
          bitsOf(expected.map((value) => normal(value) + 0)),
        )
      }
    })
  })

  describe('codes through linear', () => {
    let backend: Backend
    beforeAll(async () => {
      backend = await createWebgpuBackend()
    })
    afterAll(() => backend.dispose())

    const f32 = (shape: readonly number[], data: Float32Array) => {
      const made = allocTensor(backend, 'f32', shape, 'test')
      writeTensor(backend, made, data)
      return made
    }
    /** `out[t, r] = decode(codes[r]) * scales[r]`, for x of ones and one column. */
    const column = async (
      dtype: 'f8_e4m3' | 'f8_e5m2',
      codeList: Uint8Array,
      scales: Float32Array,
      tokens: number,
    ) => {
      const codes = allocTensor(backend, dtype, [codeList.length, 1], 'codes')
      writeTensor(backend, codes, codeList)
      const out = allocTensor(backend, 'f32', [tokens, codeList.length], 'out')
      const x = f32([tokens, 1], new Float32Array(tokens).fill(1))
      const weight = { codes, scales: f32([scales.length, 1], scales), block: [1, 1] } as const
      backend.ops.linear({ x, weight, out })
      const all = await readFloat32(backend, out)
      const width = codeList.length
      return Array.from({ length: tokens }, (_, t) => all.slice(t * width, (t + 1) * width))
    }

    for (const dtype of ['f8_e4m3', 'f8_e5m2'] as const) {
      // One token is the vector program; 2 and 9 the tiles of 8 and 32.
      test.each([1, 2, 9])(`${dtype}, all 256, %i tokens`, async (tokens) => {
        const codes = Uint8Array.from({ length: 256 }, (_, code) => code)
        const expected = Float32Array.from(values(formatOfDType[dtype]), (value) => value * 0.375 + 0)
        for (const row of await column(dtype, codes, new Float32Array(256).fill(0.375), tokens)) {
          expect(bitsOf(row)).toEqual(bitsOf(expected))
        }
      })
    }

    /** Scales are f32 in the contract; UE8M0 has no decoder of its own on the GPU. */
    test('every UE8M0 scale: 2^-127 may be flushed to 0, being no normal f32', async () => {
      const format: FormatName = 'e8m0'
      const scales = Float32Array.from(values(format))
      const one = new Uint8Array(numel([256])).fill(0x38)
      const [row] = await column('f8_e4m3', one, scales, 1)
      const [smallest, ...others] = row!
      expect([0, 2 ** -127]).toContain(smallest)
      expect(bitsOf(Float32Array.from(others))).toEqual(bitsOf(scales.slice(1)))
    })
  })
}
