/** Reads the golden data of tooling/fixtures/tokenizer. Tests only. */
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

/** The content of a file in src/golden. */
export function readGolden(name: string): unknown {
  const data = readFileSync(new URL(`../golden/${name}`, import.meta.url))
  return JSON.parse(gunzipSync(data).toString('utf8'))
}

/** Golden ids of one tokenizer.json for the strings of strings.json.gz. */
export interface GoldenIds {
  readonly tokenizerSha256: string
  /** Number of ids and their hash for each string, with all added tokens recognised. */
  readonly all: string
  /** The same with none recognised. */
  readonly none: string
  /** Ids, their text, their text without special tokens. */
  readonly decoded: readonly (readonly [number[], string, string])[]
}

/** FNV-1a over ids as 32-bit units, as make_ids.py computes it. */
export function hashIds(ids: readonly number[]): number {
  let hash = 0x811c9dc5
  for (const id of ids) hash = Math.imul(hash ^ id, 0x01000193) >>> 0
  return hash
}

/** Unpacks `all` or `none`: for each string the number of ids and their hash. */
export function unpackIds(packed: string): { count: number; hash: number }[] {
  const bytes = Buffer.from(packed, 'base64')
  return Array.from({ length: bytes.length / 8 }, (_, i) => ({
    count: bytes.readUInt32LE(8 * i),
    hash: bytes.readUInt32LE(8 * i + 4),
  }))
}
