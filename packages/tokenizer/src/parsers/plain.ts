/** Reads output that is nothing but text. */
import type { ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import { TurnParser } from './turn-parser.ts'

/** A parser for one assistant turn without thinking and calls. `ends`: the control tokens that end it, each begins with `<`. */
export function createPlainParser(ends: readonly string[], options: ChatParserOptions = {}): ChatParser {
  return new PlainParser(ends, options)
}

class PlainParser extends TurnParser {
  #done = false

  protected override onText(text: string): void {
    if (!this.#done) this.out.text(text)
  }

  protected override onMarker(): void {
    this.#done = true
  }

  protected override onEnd(): void {}
}
