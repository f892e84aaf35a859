/** From a model's files to a model that answers. */
import { loadModel, parseConfig } from '@octoscale/model'
import { FileNotFoundError, type Folder, openCheckpoint } from '@octoscale/tensor'
import { tokenizerFromJson } from '@octoscale/tokenizer'
import { type BackendChoice, createBackend } from './backend.ts'
import { LoadError } from './errors.ts'
import { parseGenerationConfig } from './generation-config.ts'
import { Llm } from './llm.ts'
import { folderOfSource, type ModelSource } from './model-source.ts'

export interface LoadOptions {
  /** Default `auto`. */
  readonly backend?: BackendChoice
  /** Longest conversation in tokens; default 4096, never above the model's own limit. Memory grows with it. */
  readonly maxContext?: number
  /** Hears bytes read of all bytes of the weights: once with 0, then after each tensor. */
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
  const { backend, owned, notice } = await createBackend(options.backend ?? 'auto')
  try {
    const model = await loadModel({
      config,
      checkpoint,
      backend,
      maxContext: options.maxContext,
      onProgress: options.onProgress,
      signal: options.signal,
    })
    const loadMilliseconds = performance.now() - startedAt
    return new Llm({
      name: folder.name,
      model,
      tokenizer,
      generation,
      backend,
      ownsBackend: owned,
      notice,
      loadMilliseconds,
    })
  } catch (error) {
    if (owned) backend.dispose()
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
