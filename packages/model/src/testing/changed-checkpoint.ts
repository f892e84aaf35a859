/** Golden checkpoints, changed in memory: what a broken or unusual file looks like. */
import { readFile } from 'node:fs/promises'
import { createReferenceBackend } from '@octoscale/backend-cpu'
import { type Backend, bytesSource, folderOf, openCheckpoint, writeSafetensors } from '@octoscale/tensor'
import { parseConfig } from '../config/parse-config.ts'
import { loadModel } from '../load-model.ts'
import type { Model } from '../model.ts'
import { type GoldenName, goldenJson, goldenPath } from './golden.ts'

/** Tensors as `writeSafetensors` takes them. */
export type Tensors = Parameters<typeof writeSafetensors>[0]
type StoredDType = Tensors[string]['dtype']

/** The bytes of a golden model.safetensors. */
export async function readBytes(name: GoldenName): Promise<Uint8Array> {
  return new Uint8Array(await readFile(`${goldenPath(name)}/model.safetensors`))
}

/** The golden file's tensors, to be changed and written again. */
export async function readTensors(name: GoldenName): Promise<Record<string, Tensors[string]>> {
  const source = bytesSource('model.safetensors', await readBytes(name))
  const checkpoint = await openCheckpoint(folderOf('golden', [source]))
  const tensors: Record<string, Tensors[string]> = {}
  for (const each of checkpoint.names) {
    const { dtype, shape } = await checkpoint.info(each)
    tensors[each] = { dtype: dtype as StoredDType, shape, data: await checkpoint.read(each) }
  }
  return tensors
}

/** Loads a golden model after changes to its tensors, its config or its file's bytes. */
export async function loadChanged(
  name: GoldenName,
  change: {
    tensors?: (tensors: Record<string, Tensors[string]>) => void
    config?: Record<string, unknown>
    bytes?: (bytes: Uint8Array) => Uint8Array
  },
  backend: Backend = createReferenceBackend(),
): Promise<Model> {
  const tensors = await readTensors(name)
  change.tensors?.(tensors)
  const bytes = writeSafetensors(tensors)
  const source = bytesSource('model.safetensors', change.bytes?.(bytes) ?? bytes)
  const checkpoint = await openCheckpoint(folderOf('changed', [source]))
  const config = parseConfig({ ...(await goldenJson(name)), ...change.config })
  return loadModel({ config, checkpoint, backend })
}
