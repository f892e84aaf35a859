import { type Backend, createWorkspace, readFloat32, writeTensor } from '@octoscale/tensor'
import { allocateCache } from '../cache.ts'
import type { ModelConfig } from '../config/model-config.ts'
import { type ArchitectureName, loadNetwork } from './architecture-golden.ts'

const limits = { contextLength: 64, batch: 64, logitRows: 64, mtp: true, cacheType: 'f32' as const }

/** Logits of the layer that predicts one token further, `[tokens - 1, vocabulary]`, computed `piece` tokens at a time. */
export async function mtpLogits(
  name: ArchitectureName,
  config: ModelConfig,
  ids: readonly number[],
  backend: Backend,
  piece: number,
): Promise<Float32Array> {
  const network = await loadNetwork(name, config, backend, limits)
  const workspace = createWorkspace(backend, network.workspace)
  const caches = allocateCache(backend, network.cache, limits.contextLength, limits.cacheType)
  const result = new Float32Array((ids.length - 1) * config.vocabularySize)
  for (let start = 0; start < ids.length - 1; start += piece) {
    const tokens = Math.min(piece, ids.length - 1 - start)
    const fill = (tensor: string, value: (i: number) => number): void =>
      writeTensor(
        backend,
        workspace.take(tensor, tokens),
        Int32Array.from({ length: tokens }, (_, i) => value(i)),
      )
    fill('ids', (i) => ids[start + i] as number)
    fill('positions', (i) => start + i)
    fill('mtpIds', (i) => ids[start + i + 1] as number)
    fill('rows', (i) => i)
    const step = { ops: backend.ops, workspace, tokens, caches }
    network.forward(step)
    network.mtp?.forward(step)
    network.head(step, tokens)
    result.set(await readFloat32(backend, workspace.take('logits', tokens)), start * config.vocabularySize)
  }
  return result
}
