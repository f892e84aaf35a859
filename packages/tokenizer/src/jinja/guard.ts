/**
 * Keeps text of messages apart from what a template writes. The first character of every control token is replaced in all
 * texts that come in, by a character of the private use area that occurs nowhere, so that no control token of the rendered
 * text begins in a message. Lengths and white space stay the same.
 */
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { ChatTemplateError } from './chat-template-error.ts'

export class Guard {
  readonly #stand = new Map<string, string>()
  readonly #real = new Map<string, string>()
  readonly #controls: RegExp
  readonly #firsts: RegExp
  readonly #kept: RegExp | undefined

  /**
   * @param tokens the control tokens
   * @param kept those that a template looks for in answers of the model, as `</think>`
   * @param taken every text that takes part, the template included
   */
  constructor(tokens: readonly string[], kept: readonly string[], taken: string) {
    const sorted = [...tokens].sort((a, b) => b.length - a.length)
    this.#controls = anyOf(sorted)
    const firsts = [...new Set(sorted.map((token) => token[0] ?? ''))]
    this.#firsts = anyOf(firsts)
    this.#kept = kept.length > 0 ? anyOf(kept) : undefined
    let code = 0xe000
    for (const first of firsts) {
      while (taken.includes(String.fromCharCode(code))) code++
      if (code > 0xf8ff)
        throw new ChatTemplateError({ problem: 'meets texts that use every private character' })
      const stand = String.fromCharCode(code++)
      this.#stand.set(first, stand)
      this.#real.set(stand, first)
    }
  }

  /** A text, or all texts and keys inside a JSON value. `answer`: the content of an answer of the model. */
  hide(value: unknown, answer = false): unknown {
    if (typeof value === 'string') return answer ? this.#hideAnswer(value) : this.#hideText(value)
    if (Array.isArray(value)) return value.map((item) => this.hide(item))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [this.#hideText(key), this.hide(item)]))
  }

  /** Rendered text to segments: what is a control token now was written by the template. */
  segments(rendered: string): ChatSegment[] {
    const writer = new SegmentWriter()
    let from = 0
    for (const { 0: token, index } of rendered.matchAll(this.#controls)) {
      writer.plain(this.#show(rendered.slice(from, index)))
      writer.control(token)
      from = index + token.length
    }
    writer.plain(this.#show(rendered.slice(from)))
    return writer.finish()
  }

  #hideAnswer(text: string): string {
    if (this.#kept === undefined) return this.#hideText(text)
    let out = ''
    let from = 0
    for (const { 0: token, index } of text.matchAll(this.#kept)) {
      out += this.#hideText(text.slice(from, index)) + token
      from = index + token.length
    }
    return out + this.#hideText(text.slice(from))
  }

  #hideText(text: string): string {
    return text.replace(this.#firsts, (first) => this.#stand.get(first) ?? first)
  }

  #show(text: string): string {
    return text.replace(/[\ue000-\uf8ff]/g, (stand) => this.#real.get(stand) ?? stand)
  }
}

function anyOf(texts: readonly string[]): RegExp {
  // With no text at all it must never match.
  const choices = texts.map((text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'))
  return new RegExp(choices.length > 0 ? choices.join('|') : '(?!)', 'g')
}
