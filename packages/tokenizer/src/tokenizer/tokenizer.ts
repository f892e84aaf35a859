/** The tokenizer of a model: ids, offsets, counts, decoding, special tokens, chat templates. */

import { readCache, writeCache } from '../cache/cache-bytes.ts'
import { compactModel } from '../cache/compact-model.ts'
import { OffsetsUnavailableError } from '../errors.ts'
import { readGgufVocabulary } from '../gguf/from-gguf.ts'
import type { GgufMetadata } from '../gguf/metadata.ts'
import type { AddedToken } from '../pipeline/added-tokens.ts'
import { tokenBytes } from '../pipeline/byte-level.ts'
import { Pipeline } from '../pipeline/pipeline.ts'
import type { DecodeOptions, EncodeOptions as PlainEncodeOptions, TextCodec } from '../pipeline/types.ts'
import { readJson, readText, type TokenizerFiles } from './files.ts'
import { type NormalForm, offsetSupport } from './offset-support.ts'
import { type Encoding, findOffsets } from './offsets.ts'
import { readTokenizerConfig, type TokenizerConfig, withTemplate } from './special-tokens.ts'
import { StreamDecoder } from './stream-decoder.ts'
import { keptRange, roomFor, type TruncationOptions } from './truncate.ts'

export interface EncodeOptions extends PlainEncodeOptions, TruncationOptions {}

/** Options of `encodeWithOffsets`: every id must come from the text. */
export interface OffsetOptions extends TruncationOptions, Pick<PlainEncodeOptions, 'addedTokens'> {}

interface Parts {
  readonly base: Pipeline
  readonly offsets: readonly NormalForm[] | OffsetsUnavailableError
  readonly config: TokenizerConfig
  /** tokenizer.json, compact. */
  readonly source: unknown
}

export class Tokenizer implements TextCodec {
  /** One more than the largest id. */
  readonly size: number
  /** All added tokens, in the order of the file. */
  readonly addedTokens: readonly AddedToken[]
  /** The tokens that begin and end texts, and others of a known part, as tokenizer_config.json names them. */
  readonly specialTokens: TokenizerConfig['specialTokens']
  /** The Jinja templates of the model by name. */
  readonly chatTemplates: TokenizerConfig['chatTemplates']
  readonly #source: unknown
  readonly #base: Pipeline
  readonly #offsets: Parts['offsets']
  readonly #addedById: ReadonlyMap<number, AddedToken>
  /** How many special tokens the post-processor adds, and how often it takes the text. */
  readonly #added: number
  readonly #copies: number

  /** Call `Tokenizer.fromFiles` or `Tokenizer.fromJSON`. */
  private constructor({ base, offsets, config, source }: Parts) {
    this.#source = source
    this.#base = base
    this.#offsets = offsets
    this.size = base.size
    this.addedTokens = base.addedTokens
    this.specialTokens = config.specialTokens
    this.chatTemplates = config.chatTemplates
    this.#added = base.withSpecialTokens([]).length
    this.#copies = base.withSpecialTokens([0]).length - this.#added
    this.#addedById = new Map(base.addedTokens.map((token) => [token.id, token]))
  }

  /**
   * @param json the parsed content of tokenizer.json
   * @param config the parsed content of tokenizer_config.json
   * @throws UnsupportedTokenizerError for what cannot be followed exactly, with its place in tokenizer.json
   * @throws TokenizerFileError for a fault in the config
   */
  static fromJSON(json: unknown, config?: unknown): Tokenizer {
    const compact = compactModel(json)
    const base = new Pipeline(compact)
    return new Tokenizer({
      base,
      offsets: offsetSupport(json),
      config: readTokenizerConfig(config, (token) => base.idOf(token)),
      source: compact,
    })
  }

  /** @throws as `fromJSON`, and TokenizerFileError for a file that is missing, not UTF-8 or no JSON */
  static fromFiles(files: TokenizerFiles): Tokenizer {
    const json = readJson(files['tokenizer.json'], 'tokenizer.json')
    const configFile = files['tokenizer_config.json']
    const config = configFile === undefined ? undefined : readJson(configFile, 'tokenizer_config.json')
    const template = files['chat_template.jinja']
    if (template === undefined) return Tokenizer.fromJSON(json, config)
    const text = readText(template, 'chat_template.jinja')
    return Tokenizer.fromJSON(json, withTemplate(config, text))
  }

  /**
   * @param metadata the key-value pairs of a GGUF file: `(await openGguf(file)).metadata` of `@octoscale/tensor`
   * @throws GgufVocabularyError for what is missing, faulty or not supported, with its key
   */
  static fromGguf(metadata: GgufMetadata): Tokenizer {
    const { json, config } = readGgufVocabulary(metadata)
    return Tokenizer.fromJSON(json, config)
  }

  /**
   * @param bytes what `toBytes` gave
   * @throws TokenizerCacheError for other bytes, or those of another version: read the files again
   */
  static fromBytes(bytes: Uint8Array): Tokenizer {
    const { json, config } = readCache(bytes)
    return Tokenizer.fromJSON(json, config)
  }

  /** A compact form for a cache: loads several times faster than tokenizer.json. It is not made to be exchanged. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const config: Record<string, unknown> = {
      chat_template: Object.entries(this.chatTemplates).map(([name, template]) => ({ name, template })),
    }
    for (const [role, token] of Object.entries(this.specialTokens)) config[`${role}_token`] = token.content
    return writeCache(this.#source, config)
  }

  /** The Jinja template that the model's makers call the default one. */
  get chatTemplate(): string | undefined {
    return this.chatTemplates.default
  }

  /** Text to ids; lone surrogates count as U+FFFD. Time grows as n log n at worst. @throws TokenizerOptionError */
  encode(text: string, options: EncodeOptions = {}): number[] {
    const { addedTokens, addSpecialTokens = false } = options
    const ids = this.#base.encode(text, { addedTokens })
    const [start, end] = keptRange(ids.length, this.#room(options))
    const kept = start === 0 && end === ids.length ? ids : ids.slice(start, end)
    return addSpecialTokens ? this.#base.withSpecialTokens(kept) : kept
  }

  /**
   * Text to ids, and where they stand in the text. The parts of neighbours that hold whole characters touch, and together
   * they are the text. (The Rust library can take spaces off both ends, `trim_offsets`: here they stay.)
   *
   * @throws OffsetsUnavailableError if the tokenizer changes the text other than by Unicode normal forms
   * @throws TokenizerOptionError
   */
  encodeWithOffsets(text: string, options: OffsetOptions = {}): Encoding {
    if (this.#offsets instanceof OffsetsUnavailableError)
      throw new OffsetsUnavailableError(this.#offsets.path, this.#offsets.reason)
    const { addedTokens = true } = options
    const encoding = findOffsets(text.toWellFormed(), this.#base.encode(text, { addedTokens }), {
      forms: this.#offsets,
      // What the model itself makes of an id is spelled in bytes, also where an added token has the same id.
      bytesOf: (id) => {
        const token = this.#addedById.get(id)
        return token === undefined ? this.#base.bytesOf(id) : tokenBytes(token.content)
      },
      addedOf: (id) => {
        const token = this.#addedById.get(id)
        return addedTokens === true || (addedTokens === 'special' && token?.special) ? token : undefined
      },
    })
    const [start, end] = keptRange(encoding.ids.length, options)
    return {
      ids: encoding.ids.slice(start, end),
      starts: encoding.starts.slice(start, end),
      ends: encoding.ends.slice(start, end),
    }
  }

  /** The ids of each text, as `encode` gives them. */
  encodeBatch(texts: readonly string[], options: EncodeOptions = {}): number[][] {
    return texts.map((text) => this.encode(text, options))
  }

  /** How many ids `encode` would give. */
  count(text: string, options: EncodeOptions = {}): number {
    const { addedTokens, addSpecialTokens = false } = options
    const [start, end] = keptRange(this.#base.count(text, { addedTokens }), this.#room(options))
    return addSpecialTokens ? this.#added + (end - start) * this.#copies : end - start
  }

  /** The options of truncation for the ids of the text alone. */
  #room(options: EncodeOptions): TruncationOptions {
    const { addSpecialTokens = false, maxTokens } = options
    if (!addSpecialTokens || maxTokens === undefined) return options
    return { ...options, maxTokens: roomFor(maxTokens, this.#added, this.#copies) }
  }

  /** Ids to text; invalid UTF-8 becomes U+FFFD, ids that have no token become nothing. */
  decode(ids: Iterable<number>, options: DecodeOptions = {}): string {
    return this.#base.decode(ids, options)
  }

  /** Decodes ids one at a time. */
  streamDecoder(options: DecodeOptions = {}): StreamDecoder {
    return new StreamDecoder(this.#base, options)
  }

  /** The id of a token spelled as in tokenizer.json (`Ġthe`, `<think>`). */
  idOf(token: string): number | undefined {
    return this.#base.idOf(token)
  }

  /** The token of an id, spelled as in tokenizer.json. */
  tokenOf(id: number): string | undefined {
    return this.#base.tokenOf(id)
  }

  /** The bytes that an id decodes to; possibly only a part of a character. */
  bytesOf(id: number): Uint8Array | undefined {
    return this.#base.bytesOf(id)
  }
}

/** `Tokenizer.fromJSON(json)`. */
export function tokenizerFromJson(json: unknown): Tokenizer {
  return Tokenizer.fromJSON(json)
}
