/** Where white space may stand in JSON. */
import type { GrammarBuilder } from '../builder.ts'
import type { NodeId } from '../grammar.ts'

/**
 * `compact`: none, as `JSON.stringify` writes. `spaced`: one space behind commas and colons, as Python's `json.dumps`.
 * `flexible`: inside brackets and behind commas and colons nothing, a space, or a new line and up to 100 spaces or tabs:
 * all of compact, spaced and indented JSON, and no endless white space.
 */
export type Whitespace = 'compact' | 'spaced' | 'flexible'

const MOST_INDENT = 100

export class Style {
  readonly name: Whitespace
  readonly #builder: GrammarBuilder

  constructor(builder: GrammarBuilder, name: Whitespace) {
    this.#builder = builder
    this.name = name
  }

  /** Behind an opening bracket, before a closing one. */
  inside(from: NodeId): NodeId {
    return this.name === 'flexible' ? this.#flexible(from) : from
  }

  /** Behind a comma or colon. */
  behind(from: NodeId): NodeId {
    if (this.name === 'spaced') return this.#builder.text(from, ' ')
    return this.name === 'flexible' ? this.#flexible(from) : from
  }

  #flexible(from: NodeId): NodeId {
    const builder = this.#builder
    const gap = builder.named(
      'gap',
      (rule) => {
        const { start, end } = builder.get(rule)
        builder.get(rule).max = MOST_INDENT
        builder.bytes(start, 0x20, 0x20, end)
        const line = builder.text(start, '\n')
        builder.empty(builder.text(start, '\r\n'), line)
        const indent = builder.node()
        const after = builder.node()
        builder.counter('guard', line, indent)
        for (const byte of [0x20, 0x09]) builder.bytes(indent, byte, byte, after)
        builder.counter('inc', after, line)
        builder.counter('done', line, end)
      },
      { shape: 'gap' },
    )
    const to = builder.node()
    builder.empty(from, to)
    builder.call(from, gap, to)
    return to
  }
}
