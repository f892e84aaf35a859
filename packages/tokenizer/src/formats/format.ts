/** What every chat format offers: conversations to prompts, model output to events. */

import { createSegmentDecoder, encodeSegments, type SegmentDecoder } from '../chat/encode.ts'
import type { ChatParser } from '../chat/parser.ts'
import type { ChatParserOptions } from '../chat/parser-types.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatMessage, ChatSegment, RenderOptions } from '../chat/types.ts'
import type { TextCodec } from '../pipeline/types.ts'

export interface FormatOptions extends RenderOptions {
  /** The day that the model is told: Llama 3 `26 Jul 2024` (its default), gpt-oss `2026-11-23` (default: today). */
  readonly date?: string | undefined
  /** How much gpt-oss thinks. Default `medium`. */
  readonly reasoningEffort?: 'low' | 'medium' | 'high' | undefined
  /**
   * DeepSeek V3 and R1: write every turn of calls and every run of results with its own markers, and calls beside content.
   * Their templates forget some. Default false, which is the official text.
   */
  readonly wellFormedTools?: boolean | undefined
}

/** The texts around a hole to be filled. */
export interface FillInMiddle {
  readonly prefix: string
  readonly suffix: string
}

export interface ChatFormat {
  readonly name: string
  /** The control tokens that the format writes or reads. */
  readonly controlTokens: readonly string[]
  /**
   * A conversation as a prompt. Its text equals the model's own chat template byte for byte.
   *
   * @throws ChatError if a message, tool or option is not valid or the format cannot hold it
   */
  render(messages: readonly ChatMessage[], options?: FormatOptions): ChatPrompt
  /** A parser for one answer. `thinking`: the option that the prompt was rendered with. */
  parser(options?: ChatParserOptions): ChatParser
  /** Ids of an answer to pieces for the parser, in which only real control tokens count as markers. */
  segmentDecoder(tokenizer: TextCodec): SegmentDecoder
  /** A prompt whose answer stands between two texts; absent where the model has no tokens for it. */
  readonly fillInMiddle?: ((texts: FillInMiddle) => ChatPrompt) | undefined
}

/** A rendered prompt. */
export class ChatPrompt {
  /** Control tokens of the template, and plain text, in which a control token is only text. */
  readonly segments: readonly ChatSegment[]
  readonly #controlTokens: readonly string[]
  readonly #optionalTokens: readonly string[]

  /** @param optionalTokens control tokens that are text where the tokenizer lacks them */
  constructor(
    segments: readonly ChatSegment[],
    controlTokens: readonly string[],
    optionalTokens: readonly string[] = [],
  ) {
    this.segments = segments
    this.#controlTokens = controlTokens
    this.#optionalTokens = optionalTokens
  }

  /** For reading; text that came from messages looks like markers where it spells them. */
  get text(): string {
    return this.segments.map((segment) => segment.text).join('')
  }

  /**
   * The ids for the model. What messages and tools say never becomes a control token. No begin token is added: where the
   * format has one, it is in the prompt.
   *
   * @throws UnsupportedTokenizerError if the tokenizer lacks a control token, or its model makes one from plain text
   */
  ids(tokenizer: TextCodec): number[] {
    const lacking = this.#optionalTokens.filter((token) => tokenizer.idOf(token) === undefined)
    const segments = lacking.length === 0 ? this.segments : asPlain(this.segments, lacking)
    return encodeSegments(tokenizer, segments, this.#controlTokens)
  }
}

/** Segments in which some control tokens are plain text, joined with their neighbours. */
function asPlain(segments: readonly ChatSegment[], tokens: readonly string[]): ChatSegment[] {
  const writer = new SegmentWriter()
  for (const { text, control } of segments) {
    if (control && !tokens.includes(text)) writer.control(text)
    else writer.plain(text)
  }
  return writer.finish()
}

/** What a format consists of. */
export interface FormatParts {
  readonly name: string
  readonly controlTokens: readonly string[]
  /** Those of the control tokens that are plain text for a tokenizer without them. */
  readonly optionalTokens?: readonly string[] | undefined
  readonly renderSegments: (messages: readonly ChatMessage[], options: FormatOptions) => ChatSegment[]
  readonly parser: (options: ChatParserOptions) => ChatParser
  readonly fillInMiddle?: ((texts: FillInMiddle) => ChatSegment[]) | undefined
}

/** Makes a format of its parts. */
export function defineFormat(parts: FormatParts): ChatFormat {
  const { name, controlTokens, fillInMiddle } = parts
  return {
    name,
    controlTokens,
    render: (messages, options = {}) =>
      new ChatPrompt(parts.renderSegments(messages, options), controlTokens, parts.optionalTokens),
    parser: (options = {}) => parts.parser(options),
    segmentDecoder: (tokenizer) => createSegmentDecoder(tokenizer, controlTokens),
    ...(fillInMiddle && { fillInMiddle: (texts) => new ChatPrompt(fillInMiddle(texts), controlTokens) }),
  }
}
