/** A byte-level BPE tokenizer as tokenizer.json describes it; its ids are those of the Rust `tokenizers` library. */
import { type AddedToken, AddedTokenSplitter, readAddedTokens } from './added-tokens.ts'
import { tokenBytes } from './byte-level.ts'
import { UnsupportedTokenizerError } from './errors.ts'
import { asObject, asOneOf } from './json.ts'
import { BpeModel } from './model.ts'
import { compileNormalizer } from './normalizer.ts'
import { compilePreTokenizer } from './pre-tokenizer.ts'
import { createStreamDecoder, newUtf8Decoder, type StreamDecoder } from './stream-decoder.ts'

export interface EncodeOptions {
  /**
   * Which added tokens count where the text contains them: all (true), only those flagged special ('special'), or none
   * (false: right for untrusted text, which then cannot contain a control token). Default true, as in the Rust library.
   */
  readonly addedTokens?: boolean | 'special' | undefined
}

export interface DecodeOptions {
  /** Leave out tokens flagged special. DeepSeek's role, think and tool markers are not. Default false. */
  readonly skipSpecialTokens?: boolean | undefined
}

export interface Tokenizer {
  /** One more than the largest id. */
  readonly size: number
  /** All added tokens, in the order of the file. */
  readonly addedTokens: readonly AddedToken[]
  /**
   * Text to ids. No begin or end token is added (Rust: `add_special_tokens=False`). Lone surrogates count as U+FFFD. Time
   * grows as n log n at worst, also for text without spaces.
   */
  encode(text: string, options?: EncodeOptions): number[]
  /** Ids to text; invalid UTF-8 becomes U+FFFD, ids that have no token become nothing. */
  decode(ids: Iterable<number>, options?: DecodeOptions): string
  /** Decodes ids one at a time. */
  streamDecoder(options?: DecodeOptions): StreamDecoder
  /** The id of a token spelled as in tokenizer.json (`Ġthe`, `<think>`). */
  idOf(token: string): number | undefined
  /** The token of an id, spelled as in tokenizer.json. */
  tokenOf(id: number): string | undefined
  /** The bytes that an id decodes to; possibly only a part of a character. */
  bytesOf(id: number): Uint8Array | undefined
}

/**
 * Makes a tokenizer from the parsed content of tokenizer.json.
 *
 * Supported: BPE over bytes, with Split, Digits and ByteLevel pre-tokenizers, Unicode normal forms, added tokens with all
 * their flags, the ByteLevel decoder. The post-processor, which only adds begin and end tokens, is not run.
 *
 * The patterns in the file are run as they are: take files only from where you would take a model.
 *
 * @throws UnsupportedTokenizerError for anything else, with its place in the file
 */
export function tokenizerFromJson(json: unknown): Tokenizer {
  return new BpeTokenizer(json)
}

class BpeTokenizer implements Tokenizer {
  readonly size: number
  readonly addedTokens: readonly AddedToken[]
  readonly #model: BpeModel
  readonly #preTokenize: (text: string) => readonly string[]
  readonly #normalize: (text: string) => string
  readonly #splitAll: AddedTokenSplitter
  readonly #splitSpecial: AddedTokenSplitter
  readonly #addedIds: ReadonlyMap<string, number>
  readonly #tokens: (string | undefined)[]
  readonly #special: ReadonlySet<number>

  constructor(json: unknown) {
    const file = asObject(json, 'tokenizer.json')
    for (const key of ['truncation', 'padding'] as const) {
      if (file[key] != null) {
        throw new UnsupportedTokenizerError({ path: key, value: file[key], expected: 'null' })
      }
    }
    asOneOf(asObject(file.decoder, 'decoder').type, 'decoder.type', ['ByteLevel'])
    this.#normalize = compileNormalizer(file.normalizer)
    this.#preTokenize = compilePreTokenizer(file.pre_tokenizer)
    this.#model = new BpeModel(file.model)
    this.addedTokens = readAddedTokens(file.added_tokens, this.#model.vocab)
    const special = this.addedTokens.filter((token) => token.special)
    this.#splitAll = new AddedTokenSplitter(this.addedTokens, this.#normalize)
    this.#splitSpecial = new AddedTokenSplitter(special, this.#normalize)
    this.#special = new Set(special.map((token) => token.id))

    this.#addedIds = new Map(this.addedTokens.map((token) => [token.content, token.id]))
    let size = 0
    for (const id of this.#model.vocab.values()) size = Math.max(size, id + 1)
    for (const { id } of this.addedTokens) size = Math.max(size, id + 1)
    this.size = size
    this.#tokens = new Array<string | undefined>(size).fill(undefined)
    for (const [token, id] of this.#model.vocab) this.#tokens[id] = token
    // The Rust library gives back normalized added tokens in their normalized form.
    for (const { id, content, normalized } of this.addedTokens) {
      this.#tokens[id] = normalized ? this.#normalize(content) : content
    }
  }

  encode(text: string, options: EncodeOptions = {}): number[] {
    const { addedTokens = true } = options
    const valid = text.toWellFormed()
    const ids: number[] = []
    if (addedTokens === false) {
      this.#encodeText(this.#normalize(valid), ids)
      return ids
    }
    const splitter = addedTokens === 'special' ? this.#splitSpecial : this.#splitAll
    for (const part of splitter.split(valid)) {
      if (typeof part === 'number') ids.push(part)
      else this.#encodeText(part, ids)
    }
    return ids
  }

  #encodeText(text: string, ids: number[]): void {
    if (text === '') return
    for (const piece of this.#preTokenize(text)) this.#model.encodeWord(piece, ids)
  }

  decode(ids: Iterable<number>, options: DecodeOptions = {}): string {
    const parts: Uint8Array[] = []
    let length = 0
    for (const id of ids) {
      const bytes = this.#decodedBytes(id, options)
      if (bytes === undefined) continue
      parts.push(bytes)
      length += bytes.length
    }
    const joined = new Uint8Array(length)
    let at = 0
    for (const part of parts) {
      joined.set(part, at)
      at += part.length
    }
    return newUtf8Decoder().decode(joined)
  }

  streamDecoder(options: DecodeOptions = {}): StreamDecoder {
    return createStreamDecoder((id) => this.#decodedBytes(id, options))
  }

  #decodedBytes(id: number, options: DecodeOptions): Uint8Array<ArrayBuffer> | undefined {
    return options.skipSpecialTokens && this.#special.has(id) ? undefined : this.bytesOf(id)
  }

  idOf(token: string): number | undefined {
    return this.#addedIds.get(token) ?? this.#model.vocab.get(token)
  }

  tokenOf(id: number): string | undefined {
    return this.#tokens[id]
  }

  bytesOf(id: number): Uint8Array<ArrayBuffer> | undefined {
    const token = this.#tokens[id]
    return token === undefined ? undefined : tokenBytes(token)
  }
}
