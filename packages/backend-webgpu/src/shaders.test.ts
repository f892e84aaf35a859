/** Every program in every kind of weight and way of sharing buffers is valid WGSL. Nothing is run. */
import type { DType, Tensor, Weight } from '@octoscale/tensor'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bindingsOf, shapeOf } from './device/bindings.ts'
import type { DeviceBuffer } from './device/buffer.ts'
import { findGpu } from './device/find-gpu.ts'
import { openDevice } from './device/open-device.ts'
import { add } from './kernels/add.ts'
import { attention } from './kernels/attention.ts'
import { concat } from './kernels/concat.ts'
import { embed } from './kernels/embed.ts'
import { latentAttention } from './kernels/latent-attention.ts'
import { linear } from './kernels/linear.ts'
import { moe } from './kernels/moe.ts'
import { rmsNorm } from './kernels/rms-norm.ts'
import { rope } from './kernels/rope.ts'
import { route } from './kernels/route.ts'
import { selectRows } from './kernels/select-rows.ts'
import { writeKv } from './kernels/write-kv.ts'
import { writeLatent } from './kernels/write-latent.ts'
import type { Runtime } from './runtime.ts'
import { withGpu } from './testing/with-gpu.ts'
import { shaderSource } from './wgsl/source.ts'

await withGpu(() => {
  let gpu: GPU | undefined
  let device: GPUDevice
  beforeAll(async () => {
    gpu = findGpu()
    device = (await openDevice(gpu, {})).device
  })
  afterAll(() => {
    device.destroy()
    gpu = undefined
  })

  /** Tensors in buffers that are only names: each in its own, or all in one. */
  function tensors(shared: boolean): (dtype: DType, ...shape: number[]) => Tensor {
    let made = 0
    const buffer = (): DeviceBuffer => ({
      bytes: 0,
      label: '',
      id: made++,
      gpu: undefined as unknown as GPUBuffer,
    })
    const one = buffer()
    return (dtype, ...shape) => ({ buffer: shared ? one : buffer(), dtype, shape, offset: 0 })
  }

  /** The sources of all that `use` runs, by name. */
  function sourcesOf(use: (runtime: Runtime) => void): Map<string, string> {
    const sources = new Map<string, string>()
    const make = tensors(false)
    use({
      run(run) {
        const bindings = bindingsOf(run)
        expect(bindings.buffers.length).toBeLessThanOrEqual(run.program.index === undefined ? 8 : 7)
        const words = Object.keys({ ...run.tensors, ...run.numbers, ...run.floats }).length
        expect(words).toBeLessThanOrEqual(64)
        sources.set(bindings.shader, shaderSource(run.program, shapeOf(run, bindings)))
      },
      scratch: (_name, dtype, shape) => make(dtype, ...shape),
      table: (values) => make('i32', values.length),
    })
    expect(sources.size).toBeGreaterThan(0)
    return sources
  }

  async function problems(sources: Map<string, string>): Promise<string[]> {
    const found: string[] = []
    for (const [name, code] of sources) {
      device.pushErrorScope('validation')
      const info = await device.createShaderModule({ code }).getCompilationInfo()
      await device.popErrorScope()
      for (const { message, lineNum } of info.messages) found.push(`${name}, line ${lineNum}: ${message}`)
    }
    return found
  }

  const floats = ['f32', 'bf16', 'f16'] as const
  const sharing = [false, true]

  test.each(sharing)('what reads f32, bf16 or f16; one buffer: %s', async (shared) => {
    const t = tensors(shared)
    for (const dtype of floats) {
      const sources = sourcesOf((runtime) => {
        const [x, out, ids, table] = [t('f32', 2, 8), t('f32', 2, 8), t('i32', 2), t('f32', 9, 2, 2)]
        const [weight, epsilon] = [t(dtype, 8), 1e-6]
        embed(runtime, { ids, table: t(dtype, 3, 8), out })
        selectRows(runtime, { x, rows: ids, out })
        rmsNorm(runtime, { x, weight, epsilon, out })
        rmsNorm(runtime, { x, residual: t('f32', 2, 8), weight, epsilon, out: x })
        rope(runtime, { pairs: 'interleaved', x: t('f32', 2, 2, 4), positions: ids, table })
        rope(runtime, { pairs: 'halves', x: t('f32', 2, 2, 4), positions: ids, table })
        const [kv, cache] = [t('f32', 2, 12), t('f32', 4, 12)]
        writeLatent(runtime, { kv, weight, epsilon, positions: ids, table, cache })
        const paging = { sequences: t('i32', 2), pages: t('i32', 3, 2), pageSize: 2 }
        writeLatent(runtime, { kv, weight, epsilon, positions: ids, table, cache, paging })
        const numbers = { groups: 2, topGroups: 1, normalize: true, scalingFactor: 1 }
        const chosen = { indices: t('i32', 2, 2), weights: t('f32', 2, 2) }
        const gate = t(dtype, 4, 8)
        const [v3, v2] = [['sigmoid', 'best-two'] as const, ['softmax', 'best'] as const]
        for (const [scoring, groupScore] of [v3, v2]) {
          route(runtime, { x, gate, bias: t('f32', 4), scoring, groupScore, ...numbers, ...chosen })
          route(runtime, { x, gate, scoring, groupScore, ...numbers, ...chosen })
        }
        const [q, keys] = [t('f32', 2, 4, 8), t('f32', 4, 2, 8)]
        for (const pages of [{}, { paging }]) {
          writeKv(runtime, {
            k: t('f32', 2, 2, 8),
            v: t('f32', 2, 2, 8),
            positions: ids,
            keys,
            values: t('f32', 4, 2, 8),
            ...pages,
          })
          attention(runtime, {
            q,
            keys,
            values: keys,
            positions: ids,
            scale: 1,
            out: t('f32', 2, 4, 8),
            ...pages,
          })
        }
        concat(runtime, { a: x, b: q, out: t('f32', 2, 40) })
        add(runtime, { a: x, b: t('f32', 8), out })
      })
      expect(await problems(sources)).toEqual([])
    }
  })

  const kinds = [
    ...floats.map((dtype) => ({ dtype, block: undefined })),
    { dtype: 'f8_e4m3', block: [128, 128] },
    { dtype: 'f8_e4m3', block: [3, 5] },
    { dtype: 'f8_e5m2', block: [2, 4] },
  ] as const

  for (const shared of sharing) {
    test.each(kinds)(
      `what multiplies $dtype in blocks of $block; one buffer: ${shared}`,
      async ({ dtype, block }) => {
        const t = tensors(shared)
        const weight = (rows: number, columns: number): Weight => {
          if (block === undefined) return t(dtype, rows, columns)
          const scales = t('f32', Math.ceil(rows / block[0]), Math.ceil(columns / block[1]))
          return { codes: t(dtype, rows, columns), scales, block }
        }
        const sources = sourcesOf((runtime) => {
          for (const tokens of [1, 5, 40]) {
            const [x, out] = [t('f32', tokens, 16), t('f32', tokens, 16)]
            linear(runtime, { x, weight: weight(16, 16), out })
            const positions = t('i32', tokens)
            const [q, cache] = [t('f32', tokens, 2, 12), t('f32', 64, 24)]
            latentAttention(runtime, {
              q,
              kvB: weight(16, 16),
              cache,
              positions,
              scale: 1,
              out: t('f32', tokens, 2, 4),
            })
            const experts = [1, 2].map(() => ({
              gate: weight(8, 16),
              up: weight(8, 16),
              down: weight(16, 8),
            }))
            moe(runtime, { x, indices: t('i32', tokens, 2), weights: t('f32', tokens, 2), experts, out })
          }
        })
        expect(await problems(sources)).toEqual([])
      },
    )
  }
})
