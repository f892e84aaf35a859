/** From a configuration and a checkpoint to a model on a backend. */
import {
  type Backend,
  type BufferHandle,
  type Checkpoint,
  createWorkspace,
  workspaceBytes,
} from '@octoscale/tensor'
import type { Limits } from './architectures/architecture.ts'
import { architectures } from './architectures/index.ts'
import { type Inventory, takeInventory } from './checkpoint/inventory.ts'
import { listWeights } from './checkpoint/stored-weights.ts'
import { bytesToRead, upload } from './checkpoint/upload.ts'
import type { ModelConfig } from './config/model-config.ts'
import { CheckpointError, OptionError } from './errors.ts'
import { Model, type ModelInfo } from './model.ts'

export interface LoadOptions {
  /** From `parseConfig`. */
  readonly config: ModelConfig
  readonly checkpoint: Checkpoint
  /** Stays the caller's: `model.dispose()` does not dispose it. */
  readonly backend: Backend
  /** Positions of the longest sequence; default 4096, at most (and at default never above) the config's. */
  readonly maxContext?: number | undefined
  /** Tokens computed at once; longer prompts go through in pieces. Activation memory grows with it. Default 128. */
  readonly maxBatch?: number | undefined
  /** Hears bytes read and all bytes to read, in bytes of the checkpoint: once with 0, then after each tensor. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface LoadProgress {
  readonly bytes: number
  readonly totalBytes: number
}

/** Logits are computed for this many tokens at once when all of them are asked for. */
const maxLogitRows = 16

/**
 * Loads a model. FP8 weights go to the backend as codes with their scales, BF16 and F16 as they are.
 *
 * The checkpoint's headers are compared with the configuration first: `CheckpointError` names a tensor that is
 * missing, unexpected, or of another shape or dtype before anything is allocated. Also throws `OptionError`,
 * `FormatError`, `FileNotFoundError`, `FileReadError`, `OutOfMemoryError` and `signal.reason`; what was allocated
 * until then is given back.
 */
export async function loadModel(options: LoadOptions): Promise<Model> {
  const { config, checkpoint, backend, onProgress, signal } = options
  const limits = checkLimits(options)
  const architecture = architectures[config.modelType]
  const inventory = await takeInventory(checkpoint)

  const dry = listWeights(inventory, config.quantization, (bytes, label) => ({ bytes, label }))
  const { workspace: plan } = architecture.build(config, dry.source, limits)
  const skipped = sortSkipped(inventory, config, dry.used)
  const totalBytes = dry.jobs.reduce((sum, job) => sum + bytesToRead(job), 0)
  signal?.throwIfAborted()

  const buffers: BufferHandle[] = []
  let weightBytes = 0
  const free = (): void => {
    for (const buffer of buffers.splice(0)) backend.free(buffer)
  }
  try {
    const list = listWeights(inventory, config.quantization, (bytes, label) => {
      const buffer = backend.alloc(bytes, label)
      buffers.push(buffer)
      weightBytes += bytes
      return buffer
    })
    const network = architecture.build(config, list.source, limits)
    let bytes = 0
    onProgress?.({ bytes, totalBytes })
    const onBytes = (more: number): void => {
      bytes += more
      if (more > 0) onProgress?.({ bytes, totalBytes })
    }
    await upload(checkpoint, backend, list.jobs, onBytes, signal)
    const workspace = createWorkspace(backend, plan)
    const info: ModelInfo = {
      architecture: config.modelType,
      parameters: list.parameters(),
      bytes: weightBytes,
      workspaceBytes: workspaceBytes(plan),
      cacheBytesPerToken: network.cache.tensors * network.cache.width * 4,
      contextLength: limits.contextLength,
      batch: limits.batch,
      ...skipped,
    }
    const onDispose = (): void => {
      workspace.free()
      free()
    }
    return new Model({ config, info, backend, network, workspace, limits, onDispose })
  } catch (error) {
    free()
    throw error
  }
}

function checkLimits({ config, maxContext, maxBatch = 128 }: LoadOptions): Limits {
  const integer = (option: string, value: number, max: number): number => {
    if (Number.isInteger(value) && value >= 1 && value <= max) return value
    throw new OptionError({ option, expected: `an integer in 1 .. ${max}`, got: value })
  }
  const longest = config.maxPositions
  const contextLength = integer('maxContext', maxContext ?? Math.min(longest, 4096), longest)
  const batch = Math.min(integer('maxBatch', maxBatch, 65536), contextLength)
  return { contextLength, batch, logitRows: Math.min(maxLogitRows, batch) }
}

/** Sorts the tensors that nobody asked for. Throws `CheckpointError` for one that should not be there. */
function sortSkipped(
  { tensors }: Inventory,
  config: ModelConfig,
  used: ReadonlySet<string>,
): Pick<ModelInfo, 'mtp' | 'derivedTensors'> {
  const derivedTensors: string[] = []
  const skippedTensors: string[] = []
  let skippedBytes = 0
  for (const { name, file, bytes, dtype } of tensors.values()) {
    if (used.has(name)) continue
    const reason = architectures[config.modelType].skip(config, name)
    if (reason === undefined) {
      const expected = `no such tensor in a ${config.modelType} model with this config.json`
      throw new CheckpointError({ problem: 'unexpected', file, tensor: name, expected, got: dtype })
    }
    if (reason === 'derived') {
      derivedTensors.push(name)
    } else {
      skippedTensors.push(name)
      skippedBytes += bytes
    }
  }
  return { mtp: { layers: config.mtpLayers, skippedTensors, skippedBytes }, derivedTensors }
}
