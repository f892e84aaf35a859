import { type Checkpoint, FileNotFoundError } from '@octoscale/tensor'
import { parseGgufConfig } from './gguf-config.ts'
import type { ModelConfig } from './model-config.ts'
import { parseConfig } from './parse-config.ts'

/**
 * What a checkpoint says about its model: `config.json` beside safetensors, the metadata of a GGUF file. Throws
 * `FileNotFoundError` when there is no `config.json`, `FormatError`, `FileReadError`, `UnsupportedArchitectureError`,
 * `ConfigError`.
 */
export async function readModelConfig(checkpoint: Checkpoint): Promise<ModelConfig> {
  const [name] = checkpoint.names
  const file = name === undefined ? undefined : await checkpoint.fileOf(name)
  if (file?.format === 'gguf') return parseGgufConfig(file)
  const json = await checkpoint.readConfig()
  if (json !== undefined) return parseConfig(json)
  throw new FileNotFoundError({ path: `${checkpoint.name}/config.json` })
}
