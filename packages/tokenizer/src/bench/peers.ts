/** Other tokenizers in JavaScript, installed on demand outside of the workspace. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const PACKAGES = ['@huggingface/tokenizers@0.2.0', '@lenml/tokenizers@3.7.2', 'gpt-tokenizer@4.0.0']
const FOLDER = fileURLToPath(
  new URL('../../../../node_modules/.cache/octoscale/tokenizer-bench/', import.meta.url),
)

export interface Peer {
  readonly name: string
  /** Whether it reads tokenizer.json; else it has a vocabulary of its own, of about the same size. */
  readonly sameVocabulary: boolean
  encode(text: string): readonly number[]
}

interface HuggingFace {
  Tokenizer: new (
    json: unknown,
    config: unknown,
  ) => { encode(text: string, options: { add_special_tokens: boolean }): { ids: number[] } }
}

interface Lenml {
  TokenizerLoader: {
    fromPreTrained(files: { tokenizerJSON: unknown; tokenizerConfig: unknown }): {
      encode(text: string, options: { add_special_tokens: boolean }): number[]
    }
  }
}

/** @param json parsed tokenizer.json @param config parsed tokenizer_config.json */
export async function loadPeers(json: unknown, config: unknown): Promise<Peer[]> {
  if (
    !PACKAGES.every((name) => existsSync(join(FOLDER, 'node_modules', name.slice(0, name.lastIndexOf('@')))))
  ) {
    mkdirSync(FOLDER, { recursive: true })
    writeFileSync(join(FOLDER, 'package.json'), '{"private":true}\n')
    const args = ['install', '--no-audit', '--no-fund', '--ignore-scripts', ...PACKAGES]
    spawnSync('npm', args, { cwd: FOLDER, stdio: 'inherit' })
  }
  const load = (path: string): Promise<unknown> =>
    import(pathToFileURL(join(FOLDER, 'node_modules', path)).href)
  const { Tokenizer } = (await load('@huggingface/tokenizers/dist/tokenizers.mjs')) as HuggingFace
  const { TokenizerLoader } = (await load('@lenml/tokenizers/dist/main.mjs')) as Lenml
  const { encode } = (await load('gpt-tokenizer/esm/encoding/o200k_base.js')) as {
    encode(text: string): number[]
  }
  const huggingFace = new Tokenizer(structuredClone(json), structuredClone(config))
  const files = { tokenizerJSON: structuredClone(json), tokenizerConfig: structuredClone(config) }
  const lenml = TokenizerLoader.fromPreTrained(files)
  const plain = { add_special_tokens: false }
  return [
    {
      name: '@huggingface/tokenizers',
      sameVocabulary: true,
      encode: (text) => huggingFace.encode(text, plain).ids,
    },
    { name: '@lenml/tokenizers', sameVocabulary: true, encode: (text) => lenml.encode(text, plain) },
    { name: 'gpt-tokenizer (o200k)', sameVocabulary: false, encode },
  ]
}
