/** A tokenizer as tokenizer.json describes it; its ids are those of the Rust `tokenizers` library. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asObject, type JsonObject } from '../json.ts'
import { IdBuffer } from '../models/id-buffer.ts'
import { readModel } from '../models/index.ts'
import type { Model } from '../models/model.ts'
import { type AddedToken, AddedTokenSplitter, readAddedTokens } from './added-tokens.ts'
import { newUtf8Decoder } from './byte-decoder.ts'
import { tokenBytes } from './byte-level.ts'
import { cutText } from './cut-text.ts'
import { byteOf } from './decode-steps.ts'
import { compileDecoder, type Decoder, finishSteps, runSteps } from './decoder.ts'
import { compileNormalizer, mayRemoveBeginning } from './normalizer.ts'
import { compilePostProcessor, type PostProcess } from './post-processor.ts'
import { compilePreTokenizer, type PreTokenizer } from './pre-tokenizer.ts'
import type { DecodeOptions, EncodeOptions, IdDecoder, TextCodec } from './types.ts'

const utf8 = new TextEncoder()

/** For texts up to so many units the room for them is used again. */
const KEPT_UNITS = 1 << 17

/**
 * Supported: the models of models/index.ts; the steps that `compileNormalizer`, `compilePreTokenizer`,
 * `compilePostProcessor` and `compileDecoder` list; added tokens with all their flags.
 *
 * The patterns in the file are run as they are: take files only from where you would take a model.
 */
export class Pipeline implements TextCodec {
  readonly size: number
  readonly addedTokens: readonly AddedToken[]
  readonly #model: Model
  /** The model takes pieces as they are and works on their bytes, so that nothing writes bytes as characters. */
  readonly #takesBytes: boolean
  readonly #normalize: (text: string) => string
  readonly #preTokenizer: PreTokenizer
  readonly #postProcess: PostProcess
  readonly #decoder: Decoder
  /** Each token is bytes, whatever stands beside it. */
  readonly #tokensAreBytes: boolean
  /** Made when first asked for. */
  #splitAll: AddedTokenSplitter | undefined
  #splitSpecial: AddedTokenSplitter | undefined
  readonly #addedIds: ReadonlyMap<string, number>
  /** What added tokens are decoded to. */
  readonly #addedTexts: ReadonlyMap<number, string>
  readonly #special: ReadonlySet<number>
  #units: Uint16Array = new Uint16Array(0)

  /**
   * @param json the parsed content of tokenizer.json
   * @throws UnsupportedTokenizerError for anything else, with its place in the file
   */
  constructor(json: unknown) {
    const file = asObject(json, 'tokenizer.json')
    for (const key of ['truncation', 'padding'] as const) {
      if (file[key] != null)
        throw new UnsupportedTokenizerError({ path: key, value: file[key], expected: 'null' })
    }
    this.#normalize = compileNormalizer(file.normalizer)
    this.#preTokenizer = compilePreTokenizer(file.pre_tokenizer)
    if (this.#preTokenizer.readsStart && mayRemoveBeginning(file.normalizer)) {
      const expected = 'other than "first" beside a normalizer that can remove the beginning of a text'
      throw new UnsupportedTokenizerError({ path: 'pre_tokenizer.prepend_scheme', value: 'first', expected })
    }
    this.#decoder = compileDecoder(file.decoder)
    this.#tokensAreBytes = (file.decoder as JsonObject | null | undefined)?.type === 'ByteLevel'
    this.#model = readModel(file.model, this.#tokensAreBytes && this.#preTokenizer.endsInBytes)
    this.#takesBytes = this.#model.takesBytes
    this.#postProcess = compilePostProcessor(file.post_processor)

    this.addedTokens = readAddedTokens(file.added_tokens, this.#model.vocab)
    const special = this.addedTokens.filter((token) => token.special)
    this.#special = new Set(special.map((token) => token.id))
    this.#addedIds = new Map(this.addedTokens.map((token) => [token.content, token.id]))
    // The Rust library gives back normalized added tokens in their normalized form.
    this.#addedTexts = new Map(
      this.addedTokens.map((token) => [
        token.id,
        token.normalized ? this.#normalize(token.content) : token.content,
      ]),
    )
    this.size = this.addedTokens.reduce((size, token) => Math.max(size, token.id + 1), this.#model.size)
  }

  encode(text: string, options: EncodeOptions = {}): number[] {
    const ids = this.#idsOf(text, options, new IdBuffer()).toArray()
    return options.addSpecialTokens ? this.#postProcess(ids) : ids
  }

  /** The ids of a text with the begin and end tokens that the post-processor names. */
  withSpecialTokens(ids: readonly number[]): number[] {
    return this.#postProcess(ids)
  }

  count(text: string, options: EncodeOptions = {}): number {
    const { length } = this.#idsOf(text, options, new IdBuffer(true))
    if (!options.addSpecialTokens) return length
    // A template may hold the text more than once.
    const added = this.#postProcess([]).length
    return added + length * (this.#postProcess([0]).length - added)
  }

  #idsOf(text: string, { addedTokens = true }: EncodeOptions, ids: IdBuffer): IdBuffer {
    const valid = text.toWellFormed()
    if (addedTokens === false) {
      this.#encodeText(this.#normalize(valid), ids, true)
    } else {
      const splitter = addedTokens === 'special' ? this.#specialSplitter : this.#splitter
      for (const [index, part] of splitter.split(valid).entries()) {
        if (typeof part === 'number') ids.push(part)
        else this.#encodeText(part, ids, index === 0)
      }
    }
    return ids
  }

  get #splitter(): AddedTokenSplitter {
    this.#splitAll ??= new AddedTokenSplitter(this.addedTokens, this.#normalize)
    return this.#splitAll
  }

  get #specialSplitter(): AddedTokenSplitter {
    if (this.#splitSpecial === undefined) {
      const special = this.addedTokens.filter((token) => token.special)
      this.#splitSpecial = new AddedTokenSplitter(special, this.#normalize)
    }
    return this.#splitSpecial
  }

  #encodeText(text: string, ids: IdBuffer, isStart: boolean): void {
    if (text === '') return
    const { cuts } = this.#preTokenizer
    if (cuts !== null && this.#model.encodeUnits !== undefined) {
      const units = this.#unitsOf(text)
      cutText(text, cuts, (from, to) => this.#model.encodeUnits!(units, from, to, ids))
      return
    }
    const pieces = this.#preTokenizer.run(text, isStart, !this.#takesBytes)
    for (const piece of pieces) this.#model.encodeWord(piece, ids)
  }

  /** The text where it can be read without a call for each unit. */
  #unitsOf(text: string): Uint16Array {
    if (this.#units.length < text.length) this.#units = new Uint16Array(Math.max(4096, text.length))
    const units = this.#units
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i)
    if (text.length > KEPT_UNITS) this.#units = new Uint16Array(0)
    return units
  }

  decode(ids: Iterable<number>, options: DecodeOptions = {}): string {
    if (this.#tokensAreBytes) return this.#decodeBytes(ids, options)
    const decoder = this.streamDecoder(options)
    const parts: string[] = []
    for (const id of ids) parts.push(decoder.push(id))
    parts.push(decoder.finish())
    return parts.join('')
  }

  /** All bytes at once: several times faster than token by token. */
  #decodeBytes(ids: Iterable<number>, options: DecodeOptions): string {
    const parts: Uint8Array[] = []
    let length = 0
    for (const id of ids) {
      const token = this.#shownToken(id, options)
      if (token === undefined) continue
      const bytes = tokenBytes(token)
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

  streamDecoder(options: DecodeOptions = {}): IdDecoder {
    let steps = this.#decoder()
    return {
      push: (id) => {
        const token = this.#shownToken(id, options)
        return token === undefined ? '' : runSteps(steps, 0, [token]).join('')
      },
      finish: () => {
        const rest = finishSteps(steps)
        steps = this.#decoder()
        return rest
      },
    }
  }

  #shownToken(id: number, options: DecodeOptions): string | undefined {
    return options.skipSpecialTokens && this.#special.has(id) ? undefined : this.tokenOf(id)
  }

  idOf(token: string): number | undefined {
    return this.#addedIds.get(token) ?? this.#model.vocab.get(token)
  }

  tokenOf(id: number): string | undefined {
    return this.#addedTexts.get(id) ?? this.#model.tokenOf(id)
  }

  bytesOf(id: number): Uint8Array<ArrayBuffer> | undefined {
    const token = this.tokenOf(id)
    if (token === undefined) return undefined
    if (this.#tokensAreBytes) return tokenBytes(token)
    // In the middle of a text: behind a letter.
    const steps = this.#decoder()
    const decoded = runSteps(steps, 0, ['x', token]).join('') + finishSteps(steps)
    const byte = byteOf(token)
    return byte !== undefined && decoded === 'x\ufffd' ? Uint8Array.of(byte) : utf8.encode(decoded.slice(1))
  }
}
