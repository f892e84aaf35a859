/** From a configuration and a checkpoint to a model on a backend. */
import {
  type Backend,
  type BufferHandle,
  type Checkpoint,
  createWorkspace,
  workspaceBytes,
} from '@octoscale/tensor'
import { architectures } from './architectures/index.ts'
import { cacheBytesPerPosition } from './cache.ts'
import { type Inventory, takeInventory } from './checkpoint/inventory.ts'
import { listWeights } from './checkpoint/stored-weights.ts'
import { bytesToRead, upload } from './checkpoint/upload.ts'
import type { ModelConfig } from './config/model-config.ts'
import { CheckpointError } from './errors.ts'
import { chooseLimits, type SizeOptions } from './limits.ts'
import { Model, type ModelInfo } from './model.ts'

export interface LoadOptions extends SizeOptions {
  readonly checkpoint: Checkpoint
  /** Stays the caller's: `model.dispose()` does not dispose it. */
  readonly backend: Backend
  /** Hears bytes read and all bytes to read, in bytes of the checkpoint: once with 0, then after each tensor. */
  readonly onProgress?: ((progress: LoadProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface LoadProgress {
  readonly bytes: number
  readonly totalBytes: number
}

/**
 * Loads a model. FP8 weights go to the backend as codes with their scales, BF16 and F16 as they are; quantised types of GGUF
 * become i8 codes with scales (`info.integerCodes`).
 *
 * The checkpoint's headers are compared with the configuration first: `CheckpointError` names a tensor that is
 * missing, unexpected, or of another shape or dtype before anything is allocated. Also throws `OptionError`,
 * `FormatError`, `FileNotFoundError`, `FileReadError`, `OutOfMemoryError` and `signal.reason`; what was allocated
 * until then is given back.
 */
export async function loadModel(options: LoadOptions): Promise<Model> {
  const { config, checkpoint, backend, onProgress, signal } = options
  const limits = chooseLimits(options)
  const architecture = architectures[config.modelType]
  const inventory = await takeInventory(checkpoint)

  const dry = listWeights(inventory, config.quantization, (bytes, label) => ({ bytes, label }))
  const { workspace: plan, cache } = architecture.build(config, dry.source, limits)
  const cacheBytesPerToken = cacheBytesPerPosition(cache, limits.cacheType)
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
      cacheBytesPerToken,
      cacheType: limits.cacheType,
      contextLength: limits.contextLength,
      batch: limits.batch,
      integerCodes: list.integerCodes(),
      dequantized: list.dequantized(),
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
