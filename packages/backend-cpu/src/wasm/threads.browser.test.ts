/**
 * Threads in a page: never the one that draws, and none where the page forbids them.
 *
 * Mutation seen red: `draws` always false.
 */
import { allocTensor, readFloat32, writeTensor } from '@octoscale/tensor'
import { afterEach, expect, test, vi } from 'vitest'
import { createWasmBackend } from './index.ts'

afterEach(() => vi.unstubAllGlobals())

async function doubled(threads: number): Promise<{ detail: string; values: number[] }> {
  const backend = await createWasmBackend({ threads })
  const t = allocTensor(backend, 'f32', [2], 't')
  writeTensor(backend, t, Float32Array.of(1, 2))
  backend.ops.add({ a: t, b: t, out: t })
  const values = [...(await readFloat32(backend, t))]
  backend.dispose()
  return { detail: backend.info.detail, values }
}

test('one thread is a worker', async () => {
  expect(await doubled(1)).toMatchObject({ detail: expect.stringMatching(/one worker/), values: [2, 4] })
})

test('a page that forbids workers from blob: URLs gets one thread, and is told', async () => {
  // What Chromium does under `worker-src 'self'`: an error event without a message.
  class Forbidden extends EventTarget {
    constructor() {
      super()
      setTimeout(() => this.dispatchEvent(new Event('error', { cancelable: true })))
    }
    postMessage(): void {}
    terminate(): void {}
  }
  vi.stubGlobal('Worker', Forbidden)
  const { detail, values } = await doubled(2)
  expect(detail).toMatch(/one thread: the page does not allow workers/)
  expect(values).toEqual([2, 4])
})
