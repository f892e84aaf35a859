/** Golden checkpoints of all architectures, made by tooling/fixtures/model/make_architectures.py. */
import { type Backend, openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import type { Limits, Network } from '../architectures/architecture.ts'
import { architectures } from '../architectures/index.ts'
import { takeInventory } from '../checkpoint/inventory.ts'
import { listWeights } from '../checkpoint/stored-weights.ts'
import { upload } from '../checkpoint/upload.ts'
import type { ModelConfig } from '../config/model-config.ts'
import { parseConfig } from '../config/parse-config.ts'
import { decodeFloat32, readJson } from './golden.ts'

export const architectureNames = [
  'llama-f32',
  'llama-scaled-tied',
  'llama-bias-fp8',
  'qwen2-f32',
  'qwen2-tied',
  'qwen2-yarn-fp8',
  'qwen3-f32',
  'qwen3-yarn-tied',
  'qwen3-bias-fp8',
  'qwen3-moe-f32',
  'qwen3-moe-sparse',
  'qwen3-moe-fp8',
  'deepseek-v2-lite',
  'deepseek-v2-groups',
  'deepseek-v2-fp8',
  'moonlight-f32',
  'kimi-k2',
  'kimi-k2-fp8',
  'deepseek-v3-mtp-f32',
  'deepseek-v3-mtp-fp8',
] as const

export type ArchitectureName = (typeof architectureNames)[number]

export interface GoldenSequence {
  readonly ids: readonly number[]
  /** [ids.length, vocabulary] */
  readonly logits: Float32Array
}

export interface ArchitectureGolden {
  readonly json: Record<string, unknown>
  readonly config: ModelConfig
  readonly sequences: readonly GoldenSequence[]
  /** Per layer with experts, the experts of each token of the first sequence, ascending. */
  readonly routing: readonly (readonly (readonly number[])[])[]
  /** Of all but the last token of the first sequence. */
  readonly mtpLogits: Float32Array | undefined
}

interface Stored {
  readonly sequences: readonly { readonly ids: readonly number[]; readonly logitsBase64: string }[]
  readonly routing: ArchitectureGolden['routing']
  readonly mtp?: { readonly logitsBase64: string }
}

export function architecturePath(name: ArchitectureName): string {
  return new URL(`../golden/architectures/${name}`, import.meta.url).pathname
}

export async function architectureGolden(name: ArchitectureName): Promise<ArchitectureGolden> {
  const folder = architecturePath(name)
  const json = (await readJson(`${folder}/config.json`)) as Record<string, unknown>
  const stored = (await readJson(`${folder}/golden.json`)) as Stored
  return {
    json,
    config: parseConfig(json),
    sequences: stored.sequences.map(({ ids, logitsBase64 }) => ({
      ids,
      logits: decodeFloat32(logitsBase64),
    })),
    routing: stored.routing,
    mtpLogits: stored.mtp === undefined ? undefined : decodeFloat32(stored.mtp.logitsBase64),
  }
}

/** The network without a model around it, its weights uploaded. */
export async function loadNetwork(
  name: ArchitectureName,
  config: ModelConfig,
  backend: Backend,
  limits: Limits,
): Promise<Network> {
  const checkpoint = await openCheckpoint(fileFolder(architecturePath(name)))
  const inventory = await takeInventory(checkpoint)
  const list = listWeights(inventory, config.quantization, (bytes, label) => backend.alloc(bytes, label))
  const network = architectures[config.modelType].build(config, list.source, limits)
  await upload(checkpoint, backend, list.jobs, () => {}, undefined)
  return network
}
