/** From a model's files to a model that answers. */
import {
  assertFits,
  createEngine,
  type Engine,
  estimateModel,
  loadModel,
  type Model,
  parseConfig,
} from '@octoscale/model'
import { openCheckpoint } from '@octoscale/tensor'
import { type ChatFormat, Tokenizer } from '@octoscale/tokenizer'
import { availableMemory } from './available-memory.ts'
import { type BackendChoice, type ComputeOptions, onBackend } from './backend.ts'
import { chatFormatOf } from './chat-format.ts'
import { LoadError } from './errors.ts'
import { parseGenerationConfig } from './generation-config.ts'
import { readJson, readOptionalJson } from './json-files.ts'
import { Llm } from './llm.ts'
import { folderOfSource, type ModelSource } from './model-source.ts'

export interface LoadOptions extends ComputeOptions {
  /** Default `auto`. */
  readonly backend?: BackendChoice
  /** Longest conversation in tokens; default 4096, never above the model's own limit. Memory grows with it. */
  readonly maxContext?: number
  /**
   * Bytes that the model may take on the CPU; more is refused before anything is allocated. Default: free memory of this
   * machine, where that can be known (Node). A GPU says what it has only when it is asked to allocate.
   */
  readonly memoryBytes?: number
  /**
   * Hears bytes read of all bytes of the weights: once with 0, then after each tensor. From 0 again where `auto` finds
   * that the model does not fit the GPU, and goes on without it.
   */
  readonly onProgress?: (progress: { readonly bytes: number; readonly totalBytes: number }) => void
  readonly signal?: AbortSignal
  /** How conversations are written. Default: recognised by the control tokens and the chat template of the model. */
  readonly format?: ChatFormat
  /** Answers that are made at once; more wait. Default 16, at most the batch. */
  readonly maxSequences?: number
  /** Tokens of all conversations that the cache has room for. Default: one of the longest. */
  readonly cacheTokens?: number
}

/**
 * Loads `config.json`, `tokenizer.json`, `tokenizer_config.json` and `generation_config.json` (if there are such) and the safetensors of a model.
 *
 * Throws `LoadError`, and the errors of the parts: `FileNotFoundError`, `FormatError`, `ConfigError`,
 * `UnsupportedArchitectureError`, `CheckpointError`, `UnsupportedTokenizerError`, `DoesNotFitError`, `OutOfMemoryError`,
 * `DeviceError`.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Llm> {
  const startedAt = performance.now()
  const folder = folderOfSource(source)
  const config = parseConfig(await readJson(folder, 'config.json'))
  const tokenizer = Tokenizer.fromJSON(
    await readJson(folder, 'tokenizer.json'),
    await readOptionalJson(folder, 'tokenizer_config.json'),
  )
  if (tokenizer.size > config.vocabularySize) {
    throw new LoadError({
      source: folder.name,
      file: 'tokenizer.json',
      problem: `has ${tokenizer.size} tokens, config.json says vocab_size ${config.vocabularySize}: they are not of one model`,
    })
  }
  const generation = parseGenerationConfig(await readOptionalJson(folder, 'generation_config.json'))
  const format = options.format ?? chatFormatOf(config.modelType, tokenizer)
  const checkpoint = await openCheckpoint(folder)
  return onBackend(options.backend ?? 'auto', options, async ({ backend, owned, notice }) => {
    if (backend.info.name !== 'webgpu') {
      const { maxContext, memoryBytes = availableMemory() } = options
      assertFits(await estimateModel({ config, checkpoint, maxContext, memoryBytes }))
    }
    const model = await loadModel({
      config,
      checkpoint,
      backend,
      maxContext: options.maxContext,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const engine = await rehearse(model, options)
    const loadMilliseconds = performance.now() - startedAt
    return new Llm({
      name: folder.name,
      model,
      engine,
      tokenizer,
      format,
      generation,
      backend,
      ownsBackend: owned,
      notice,
      loadMilliseconds,
    })
  })
}

/**
 * An engine that has computed one token: what an answer needs is there, or the model does not load. A GPU tells only who
 * reads from it that memory is used up or that its driver refuses a kernel, and it compiles the kernels when they are
 * first run.
 */
async function rehearse(model: Model, options: LoadOptions): Promise<Engine> {
  const { maxSequences, signal } = options
  let engine: Engine | undefined
  try {
    engine = createEngine(model, {
      maxSequences,
      cacheTokens: options.cacheTokens ?? model.info.contextLength,
    })
    for await (const _ of engine.submit({ prompt: [0], maxTokens: 1, signal })) {
      // One token, and the end.
    }
    return engine
  } catch (error) {
    engine?.dispose()
    model.dispose()
    throw error
  }
}
