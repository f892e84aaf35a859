/** From a model's files to a model that answers. */
import { type Cache, loadModel, type Model, parseConfig } from '@octoscale/model'
import { FileNotFoundError, type Folder, openCheckpoint } from '@octoscale/tensor'
import { tokenizerFromJson } from '@octoscale/tokenizer'
import { type BackendChoice, onBackend } from './backend.ts'
import { LoadError } from './errors.ts'
import { parseGenerationConfig } from './generation-config.ts'
import { Llm } from './llm.ts'
import { folderOfSource, type ModelSource } from './model-source.ts'

export interface LoadOptions {
  /** Default `auto`. */
  readonly backend?: BackendChoice
  /** Longest conversation in tokens; default 4096, never above the model's own limit. Memory grows with it. */
  readonly maxContext?: number
  /**
   * Hears bytes read of all bytes of the weights: once with 0, then after each tensor. From 0 again where `auto` finds
   * that the model does not fit the GPU, and goes on without it.
   */
  readonly onProgress?: (progress: { readonly bytes: number; readonly totalBytes: number }) => void
  readonly signal?: AbortSignal
}

/** A JSON file of a model is small; a larger one is refused before it is read. The DeepSeek vocabulary takes 8 MB. */
const maxJsonBytes = 64 * 2 ** 20

/**
 * Loads `config.json`, `tokenizer.json`, `generation_config.json` (if there is one) and the safetensors of a model.
 *
 * Throws `LoadError`, and the errors of the parts: `FileNotFoundError`, `FormatError`, `ConfigError`,
 * `UnsupportedArchitectureError`, `CheckpointError`, `UnsupportedTokenizerError`, `OutOfMemoryError`, `DeviceError`.
 */
export async function load(source: ModelSource, options: LoadOptions = {}): Promise<Llm> {
  const startedAt = performance.now()
  const folder = folderOfSource(source)
  const config = parseConfig(await readJson(folder, 'config.json'))
  const tokenizer = tokenizerFromJson(await readJson(folder, 'tokenizer.json'))
  if (tokenizer.size > config.vocabularySize) {
    throw new LoadError({
      source: folder.name,
      file: 'tokenizer.json',
      problem: `has ${tokenizer.size} tokens, config.json says vocab_size ${config.vocabularySize}: they are not of one model`,
    })
  }
  const generation = parseGenerationConfig(await readOptionalJson(folder, 'generation_config.json'))
  const checkpoint = await openCheckpoint(folder)
  return onBackend(options.backend ?? 'auto', async ({ backend, owned, notice }) => {
    const model = await loadModel({
      config,
      checkpoint,
      backend,
      maxContext: options.maxContext,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const cache = await rehearse(model, options.signal)
    const loadMilliseconds = performance.now() - startedAt
    return new Llm({
      name: folder.name,
      model,
      cache,
      tokenizer,
      generation,
      backend,
      ownsBackend: owned,
      notice,
      loadMilliseconds,
    })
  })
}

/**
 * The model's cache, after one token was computed with it and forgotten: what an answer needs is there, or the model does
 * not load. A GPU tells only who reads from it that memory is used up or that its driver refuses a kernel, and it
 * compiles the kernels when they are first run.
 */
async function rehearse(model: Model, signal: AbortSignal | undefined): Promise<Cache> {
  let cache: Cache | undefined
  try {
    cache = model.createCache()
    await model.forward({ ids: [0], start: 0, cache, logits: 'last', signal })
    cache.reset()
    return cache
  } catch (error) {
    cache?.dispose()
    model.dispose()
    throw error
  }
}

async function readJson(folder: Folder, file: string): Promise<unknown> {
  const source = await folder.open(file)
  const size = await source.size()
  const refuse = (problem: string, cause?: unknown): LoadError =>
    new LoadError({ source: folder.name, file, problem, cause })
  if (size > maxJsonBytes) throw refuse(`has ${size} bytes, at most ${maxJsonBytes} are read`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, size)))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuse(`is not JSON: ${cause.message}`, cause)
    if (cause instanceof TypeError) throw refuse('is not UTF-8 text', cause)
    throw cause
  }
}

async function readOptionalJson(folder: Folder, file: string): Promise<unknown> {
  try {
    return await readJson(folder, file)
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined
    throw error
  }
}
