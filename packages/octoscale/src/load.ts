/** From a model's files to a model that answers. */
import {
  assertFits,
  type CacheType,
  createEngine,
  type Engine,
  estimateModel,
  loadModel,
  type Model,
} from '@octoscale/model'
import type { ChatFormat } from '@octoscale/tokenizer'
import { availableMemory } from './available-memory.ts'
import { type BackendChoice, type ComputeOptions, mostCpuBytes, onBackend } from './backend.ts'
import { chatFormatOf } from './chat-format.ts'
import { LoadError } from './errors.ts'
import type { Speculation } from './generation-options.ts'
import { Llm } from './llm.ts'
import { openModel } from './model-parts.ts'
import type { ModelSource } from './model-source.ts'

/**
 * Weights for which more than one thread pays. In a fresh process, 48 tokens after a prompt of 48, with one thread and with two:
 * 103 and 147 ms for 9 MB (octo-tiny), 148 and 158 for 36 MB, 257 and 256 for 43 MB, 529 and 381 for 93 MB.
 */
const leastForThreads = 40e6

export interface LoadOptions extends ComputeOptions {
  /** Default `auto`. */
  readonly backend?: BackendChoice
  /** Longest conversation in tokens; default 4096, never above the model's own limit. Memory grows with it. */
  readonly maxContext?: number
  /**
   * Bytes that the model may take on the CPU; more is refused before anything is allocated. Default, and never more than 16 GiB: free memory of this
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
  /**
   * Guess tokens and check several in one pass: answers are the same, and come faster where guesses are right. `mtp`: with the
   * model's own layer for it (DeepSeek V3 and its like; octo-tiny); `prompt-lookup`: with what stands in the text already.
   */
  readonly speculation?: Speculation
  /** Answers that are made at once; more wait. Default 16, at most the batch. */
  readonly maxSequences?: number
  /** Tokens of all conversations that the cache has room for. Default: one of the longest. */
  readonly cacheTokens?: number
  /**
   * How the cache holds keys and values of the text so far: `f32` (default; loses nothing), `f16`, `bf16` or `fp8`. A half or
   * a quarter of the memory and of what each token of a long text reads; what that costs stands in docs/numerics.md.
   */
  readonly cacheType?: CacheType
}

/**
 * Loads a GGUF file, or `config.json`, `tokenizer.json`, `tokenizer_config.json` and `generation_config.json` (if there are
 * such) and the safetensors of a model.
 *
 * Throws `LoadError`, and the errors of the parts: `FileNotFoundError`, `FormatError`, `ConfigError`,
 * `UnsupportedArchitectureError`, `CheckpointError`, `UnsupportedTokenizerError`, `DoesNotFitError`, `OutOfMemoryError`,
 * `DeviceError`.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Llm> {
  const startedAt = performance.now()
  const { name, config, checkpoint, ...parts } = await openModel(source)
  const tokenizer = await parts.tokenizer()
  if (tokenizer.size > config.vocabularySize) {
    throw new LoadError({
      source: name,
      file: 'tokenizer.json',
      problem: `has ${tokenizer.size} tokens, config.json says vocab_size ${config.vocabularySize}: they are not of one model`,
    })
  }
  const generation = await parts.generation()
  const mtp = options.speculation === 'mtp'
  const format = options.format ?? chatFormatOf(config.modelType, tokenizer)
  const { maxContext, cacheType, cacheTokens } = options
  const memoryBytes = Math.min(options.memoryBytes ?? availableMemory() ?? Infinity, mostCpuBytes)
  const sizes = { config, checkpoint, mtp, maxContext, cacheType }
  const estimate = await estimateModel({ ...sizes, cacheTokens, memoryBytes })
  const threads = options.threads ?? (estimate.weightBytes < leastForThreads ? 1 : undefined)
  const compute = { ...options, threads, neededBytes: estimate.totalBytes }
  return onBackend(options.backend ?? 'auto', compute, async ({ backend, owned, notice }) => {
    if (backend.info.name !== 'webgpu') assertFits(estimate)
    const model = await loadModel({
      ...sizes,
      backend,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const engine = await rehearse(model, options)
    const loadMilliseconds = performance.now() - startedAt
    return new Llm({
      name,
      model,
      engine,
      tokenizer,
      format,
      generation,
      speculation: options.speculation,
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
      mtp: options.speculation === 'mtp',
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
