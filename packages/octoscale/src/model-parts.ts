/** The parts of a model that its files hold, whichever form they have. */
import { type ModelConfig, parseConfig, readModelConfig } from '@octoscale/model'
import { type Checkpoint, openCheckpoint } from '@octoscale/tensor'
import { Tokenizer } from '@octoscale/tokenizer'
import { LoadError } from './errors.ts'
import { type GenerationDefaults, parseGenerationConfig } from './generation-config.ts'
import { readJson, readOptionalJson } from './json-files.ts'
import { folderOfSource, ggufOfSource, type ModelSource } from './model-source.ts'

export interface ModelParts {
  readonly name: string
  readonly config: ModelConfig
  /** Opened; tensors are not read. */
  readonly checkpoint: Checkpoint
  /** Read when it is called. */
  readonly tokenizer: () => Promise<Tokenizer>
  readonly generation: () => Promise<GenerationDefaults>
}

/**
 * A GGUF file holds everything. Beside safetensors there are `config.json`, `tokenizer.json`, and as the case may be
 * `tokenizer_config.json` and `generation_config.json`. Throws as `load` does.
 */
export async function openModel(source: ModelSource): Promise<ModelParts> {
  const gguf = ggufOfSource(source)
  if (gguf !== undefined) {
    const checkpoint = await openCheckpoint(gguf.location)
    return {
      name: gguf.name,
      config: await readModelConfig(checkpoint),
      checkpoint,
      tokenizer: () => ggufTokenizer(checkpoint, gguf.name),
      generation: async () => parseGenerationConfig(undefined),
    }
  }
  const folder = folderOfSource(source)
  return {
    name: folder.name,
    config: parseConfig(await readJson(folder, 'config.json')),
    checkpoint: await openCheckpoint(folder),
    tokenizer: async () =>
      Tokenizer.fromJSON(
        await readJson(folder, 'tokenizer.json'),
        await readOptionalJson(folder, 'tokenizer_config.json'),
      ),
    generation: async () => parseGenerationConfig(await readOptionalJson(folder, 'generation_config.json')),
  }
}

async function ggufTokenizer(checkpoint: Checkpoint, name: string): Promise<Tokenizer> {
  const [first] = checkpoint.names
  const file = first === undefined ? undefined : await checkpoint.fileOf(first)
  if (file?.format !== 'gguf')
    throw new LoadError({ source: name, problem: 'is named as a GGUF, and is none' })
  return Tokenizer.fromGguf(file.metadata)
}
