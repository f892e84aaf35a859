/**
 * The binary form of a tokenizer, which loads faster than tokenizer.json. All numbers are little-endian uint32:
 *
 *     "OCTOTOK" and the version, one byte        8 bytes
 *     hash of all that follows it, length of the file
 *     length, JSON: { json, config } without vocabulary and merges
 *     number of tokens, length of their text     if the model is packed, else two zeros
 *     lengths of the tokens in UTF-16 units, ids of the tokens, their text in UTF-8
 *     number of merges, merges as triples of ids
 *     number of ranks, ranks of the merges       zero where the order of the merges says them
 *
 * Texts are filled up with zeros to a multiple of four bytes.
 */

import { TokenizerCacheError } from '../errors.ts'
import { isId } from '../json.ts'
import { PackedMerges } from './compact-model.ts'
import { TokenTable } from './token-table.ts'

const MAGIC = [0x4f, 0x43, 0x54, 0x4f, 0x54, 0x4f, 0x4b]
const VERSION = 2
/** Where what is hashed begins: after magic, version and the hash. */
const HASHED_FROM = 12

type Json = Readonly<Record<string, unknown>>

/** @param json a tokenizer.json, with or without a model from `compactModel`; `config` is any JSON */
export function writeCache(json: unknown, config: unknown): Uint8Array<ArrayBuffer> {
  const utf8 = new TextEncoder()
  const model = (json as Json).model as Json
  const packed = model.vocab instanceof TokenTable && model.merges instanceof PackedMerges
  const vocab = packed
    ? (model.vocab as TokenTable)
    : new TokenTable('', new Uint32Array(1), new Uint32Array(0))
  const merges = packed ? (model.merges as PackedMerges).ids : new Uint32Array(0)
  const ranks = (packed ? (model.merges as PackedMerges).ranks : null) ?? new Uint32Array(0)
  const { vocab: _vocab, merges: _merges, ...small } = model
  const rest = packed ? { ...(json as Json), model: small } : json
  const header = utf8.encode(JSON.stringify({ json: rest, config, packed }))
  const text = utf8.encode(vocab.text)
  const lengths = Uint32Array.from(vocab.ids, (_, i) => vocab.starts[i + 1]! - vocab.starts[i]!)

  const parts: (number | Uint8Array | Uint32Array)[] = [header.length, header, vocab.size, text.length]
  parts.push(lengths, vocab.ids, text, merges.length / 3, merges, ranks.length, ranks)
  let length = 16
  for (const part of parts) length += typeof part === 'number' ? 4 : Math.ceil(part.byteLength / 4) * 4
  const bytes = new Uint8Array(length)
  const view = new DataView(bytes.buffer)
  bytes.set([...MAGIC, VERSION])
  view.setUint32(12, length, true)
  let at = 16
  for (const part of parts) {
    if (typeof part === 'number') {
      view.setUint32(at, part, true)
      at += 4
    } else if (part instanceof Uint8Array) {
      bytes.set(part, at)
      at += Math.ceil(part.length / 4) * 4
    } else {
      for (const value of part) {
        view.setUint32(at, value, true)
        at += 4
      }
    }
  }
  view.setUint32(8, hashWords(bytes), true)
  return bytes
}

/** @throws TokenizerCacheError */
export function readCache(source: Uint8Array): { json: unknown; config: unknown } {
  // A copy is aligned, and nobody changes it later. (`slice` of a Node Buffer would be no copy.)
  const bytes = new Uint8Array(source)
  const view = new DataView(bytes.buffer)
  if (bytes.length < 16 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw new TokenizerCacheError(0, 'the letters OCTOTOK')
  if (bytes[7] !== VERSION) throw new TokenizerCacheError(7, `version ${VERSION}, got ${bytes[7]}`)
  if (view.getUint32(12, true) !== bytes.length || bytes.length % 4 !== 0)
    throw new TokenizerCacheError(12, `${view.getUint32(12, true)} bytes in all, got ${bytes.length}`)
  if (view.getUint32(8, true) !== hashWords(bytes))
    throw new TokenizerCacheError(8, 'the hash of the content')

  let at = 16
  const take = (count: number, what: string): Uint8Array => {
    const padded = Math.ceil(count / 4) * 4
    if (padded > bytes.length - at) throw new TokenizerCacheError(at, `${padded} bytes of ${what}`)
    at += padded
    return bytes.subarray(at - padded, at - padded + count)
  }
  const number = (what: string): number => {
    take(4, what)
    return view.getUint32(at - 4, true)
  }
  const numbers = (count: number, what: string): Uint32Array => {
    const part = take(4 * count, what)
    if (LITTLE_ENDIAN) return new Uint32Array(part.buffer, part.byteOffset, count)
    return Uint32Array.from({ length: count }, (_, i) => view.getUint32(part.byteOffset + 4 * i, true))
  }
  const text = (count: number, what: string): string => {
    const start = at
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(take(count, what))
    } catch (cause) {
      throw cause instanceof TokenizerCacheError ? cause : new TokenizerCacheError(start, `UTF-8 in ${what}`)
    }
  }

  const header = readHeader(text(number('header'), 'header'))
  const count = number('vocabulary')
  const textLength = number('vocabulary')
  const lengths = numbers(count, 'lengths')
  const ids = numbers(count, 'ids')
  const tokens = text(textLength, 'tokens')
  const merges = numbers(3 * number('merges'), 'merges')
  const ranks = numbers(number('ranks'), 'ranks')
  if (at !== bytes.length) throw new TokenizerCacheError(at, 'the end')
  if (!header.packed) return header

  const starts = new Uint32Array(count + 1)
  let end = 0
  for (let i = 0; i < count; i++) {
    end += lengths[i]!
    if (end > tokens.length || (i > 0 && ids[i]! <= ids[i - 1]!))
      throw new TokenizerCacheError(16, `token ${i} in the text, with an id larger than the one before`)
    starts[i + 1] = end
  }
  if (count > 0 && !isId(ids[count - 1]))
    throw new TokenizerCacheError(16, `ids up to those that a tokenizer may have, got ${ids[count - 1]}`)
  if (end !== tokens.length) throw new TokenizerCacheError(16, 'tokens that are all of the text')
  const vocab = new TokenTable(tokens, starts, ids)
  // Without gaps between ids, nothing needs to be looked up.
  const dense = vocab.idLimit === vocab.size ? vocab.size : 0
  for (let i = 0; i < merges.length; i++)
    if (merges[i]! >= dense && !vocab.hasId(merges[i]!))
      throw new TokenizerCacheError(at, 'merges of ids of the vocabulary')
  if (ranks.length > 0 && (3 * ranks.length !== merges.length || ranks.some((rank) => rank > 0xff_ffff)))
    throw new TokenizerCacheError(at, 'a rank of each merge, or none')
  const model = {
    ...header.model,
    vocab,
    merges: new PackedMerges(merges, ranks.length === 0 ? null : ranks),
  }
  return { json: { ...header.json, model }, config: header.config }
}

function readHeader(text: string): { json: Json; config: unknown; packed: boolean; model: Json } {
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch {
    throw new TokenizerCacheError(20, 'JSON')
  }
  const { json, config, packed } = (header ?? {}) as { json?: Json; config?: unknown; packed?: unknown }
  const model = json?.model
  if (typeof json !== 'object' || typeof model !== 'object' || model === null || typeof packed !== 'boolean')
    throw new TokenizerCacheError(20, 'a tokenizer')
  return { json, config, packed, model: model as Json }
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** FNV-1a over 32-bit words from HASHED_FROM on: against damage, not against forgery. */
function hashWords(bytes: Uint8Array<ArrayBuffer>): number {
  let hash = 0x811c9dc5
  if (LITTLE_ENDIAN) {
    const words = new Uint32Array(bytes.buffer, 0, bytes.length >> 2)
    for (let i = HASHED_FROM / 4; i < words.length; i++) hash = Math.imul(hash ^ words[i]!, 0x01000193)
    return hash >>> 0
  }
  const view = new DataView(bytes.buffer)
  for (let at = HASHED_FROM; at + 4 <= bytes.length; at += 4) {
    hash = Math.imul(hash ^ view.getUint32(at, true), 0x01000193)
  }
  return hash >>> 0
}
