/** Counts the tokens of a thinking block, and closes the block when they are enough. */
import { OptionError } from '../errors.ts'
import type { LogitsProcessor } from './logits-processor.ts'

export interface ThinkingOptions {
  /** The id of the marker that ends thinking. */
  readonly end: number
  /** The id of the marker that begins it; left out: the generated text begins with thinking. */
  readonly start?: number | undefined
  /** Tokens of thinking, markers not counted, after which it is ended. Left out: they are counted only. */
  readonly limit?: number | undefined
  /** What is written to end it, with `end` among it; default `[end]`. A sentence before it makes for better answers. */
  readonly close?: readonly number[] | undefined
}

/** As a processor it leaves the logits alone: it only forces the closing ids, once, when the limit is reached. */
export class ThinkingBudget implements LogitsProcessor {
  readonly #end: number
  readonly #start: number | undefined
  readonly #limit: number
  readonly #close: readonly number[]
  #thinking: boolean
  #closing = 0
  #tokens = 0

  /** Throws `OptionError`. */
  constructor({ end, start, limit, close = [end] }: ThinkingOptions) {
    if (limit !== undefined && !(Number.isSafeInteger(limit) && limit >= 0)) {
      throw new OptionError({ option: 'thinking.limit', expected: 'an integer >= 0', got: limit })
    }
    if (!close.includes(end)) {
      throw new OptionError({ option: 'thinking.close', expected: `ids with ${end} among them`, got: close })
    }
    this.#end = end
    this.#start = start
    this.#limit = limit ?? Number.POSITIVE_INFINITY
    this.#close = close
    this.#thinking = start === undefined
  }

  /** The next token belongs to a thinking block. */
  get thinking(): boolean {
    return this.#thinking
  }

  /** Tokens of thinking so far; what was forced to close it is not counted. */
  get tokens(): number {
    return this.#tokens
  }

  process(): void {}

  accept(id: number): void {
    const closing = this.#closing > 0
    if (closing) this.#closing--
    if (id === this.#end) this.#thinking = false
    else if (id === this.#start) this.#thinking = true
    else if (this.#thinking && !closing) this.#tokens++
  }

  forced(): readonly number[] {
    if (!this.#thinking || this.#tokens < this.#limit) return []
    this.#closing = this.#close.length
    return this.#close
  }
}
