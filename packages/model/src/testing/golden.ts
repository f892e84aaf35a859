/** What the tests of this package share: golden folders, error metric, a backend that counts allocations. */
import { readFile } from 'node:fs/promises'
import type { Backend, BufferHandle } from '@octoscale/tensor'
import { openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import type { ModelConfig } from '../config/model-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import { type LoadOptions, loadModel } from '../load-model.ts'
import type { Model } from '../model.ts'

/** Made by tooling/fixtures/model/make_random.py. */
export const goldenNames = [
  'bf16-no-query-rank',
  'bf16-groups-yarn',
  'fp8-ue8m0',
  'fp8-float-scales',
  'fp8-wide-range',
] as const

export type GoldenName = (typeof goldenNames)[number]

export function goldenPath(name: string): string {
  return new URL(`../golden/${name}`, import.meta.url).pathname
}

export async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'))
}

export async function goldenJson(name: GoldenName): Promise<Record<string, unknown>> {
  return (await readJson(`${goldenPath(name)}/config.json`)) as Record<string, unknown>
}

export async function goldenConfig(name: GoldenName): Promise<ModelConfig> {
  return parseConfig(await goldenJson(name))
}

/** Token ids and the logits that transformers computed for them, `[ids.length, vocabulary]`. */
export async function goldenLogits(name: GoldenName): Promise<{ ids: number[]; logits: Float32Array }> {
  const golden = (await readJson(`${goldenPath(name)}/golden.json`)) as {
    ids: number[]
    logitsBase64: string
  }
  return { ids: golden.ids, logits: decodeFloat32(golden.logitsBase64) }
}

/** Little-endian f32 values in base64. */
export function decodeFloat32(base64: string): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(base64, 'base64')).buffer)
}

export async function loadGolden(
  name: GoldenName,
  backend: Backend,
  options: Partial<LoadOptions> = {},
): Promise<Model> {
  const checkpoint = await openCheckpoint(fileFolder(goldenPath(name)))
  return loadModel({ config: await goldenConfig(name), checkpoint, backend, ...options })
}

/** `max |a - b| / max |b|`: the largest error, relative to the largest expected value. */
export function relativeError(actual: Float32Array, expected: Float32Array): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let error = 0
  let scale = 0
  for (const [i, value] of expected.entries()) {
    // Written so that a NaN counts as an infinite error.
    const difference = Math.abs((actual[i] as number) - value)
    error = difference >= 0 ? Math.max(error, difference) : Number.POSITIVE_INFINITY
    scale = Math.max(scale, Math.abs(value))
  }
  return error / scale
}

/** The same backend, with a count of its allocations and of the buffers that are still there. */
export function countAllocations(backend: Backend): {
  backend: Backend
  allocations: () => number
  live: () => number
} {
  const buffers = new Set<BufferHandle>()
  let allocations = 0
  return {
    backend: {
      ...backend,
      alloc(bytes, label) {
        const buffer = backend.alloc(bytes, label)
        allocations++
        buffers.add(buffer)
        return buffer
      },
      free(buffer) {
        backend.free(buffer)
        buffers.delete(buffer)
      },
    },
    allocations: () => allocations,
    live: () => buffers.size,
  }
}
