/**
 * Regular expressions of JavaScript with the flag `u`, as far as they are regular: characters, classes, groups,
 * alternatives, quantifiers, `\d \w \s \p{...}`, and anchors at the ends. No look-around, back references or `\b`.
 */
import { RegexError } from '../errors.ts'
import type { Range } from '../grammar.ts'
import { ALL, complement, union } from '../utf8.ts'
import { ESCAPED, LETTERS, property } from './classes.ts'

export type RegexNode =
  | { readonly kind: 'set'; readonly ranges: readonly Range[] }
  | { readonly kind: 'sequence'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly parts: readonly RegexNode[] }
  | { readonly kind: 'repeat'; readonly part: RegexNode; readonly min: number; readonly max: number }

/** An alternative of the whole expression: which of its ends are fixed to those of the text. */
export interface Alternative {
  readonly node: RegexNode
  readonly fromStart: boolean
  readonly toEnd: boolean
}

const MOST_NESTED = 200
const MOST_LENGTH = 100_000
/** JavaScript's `.`: everything but line ends. */
const DOT = complement([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
])

/** @throws RegexError */
export function parseRegex(source: string): Alternative[] {
  if (source.length > MOST_LENGTH) throw new RegexError({ at: MOST_LENGTH, problem: 'too long' })
  return new Parser(source).whole()
}

class Parser {
  readonly #source: string
  #at = 0
  #nested = 0

  constructor(source: string) {
    this.#source = source
  }

  whole(): Alternative[] {
    const alternatives: Alternative[] = []
    do {
      const fromStart = this.#take('^')
      const node = this.#sequence()
      alternatives.push({ node, fromStart, toEnd: this.#take('$') })
    } while (this.#take('|'))
    if (this.#at < this.#source.length) {
      this.#fail(this.#peek() === ')' ? 'no group is open' : 'an anchor only at the ends of the expression')
    }
    return alternatives
  }

  #choice(): RegexNode {
    const parts = [this.#sequence()]
    while (this.#take('|')) parts.push(this.#sequence())
    return parts.length === 1 ? (parts[0] as RegexNode) : { kind: 'choice', parts }
  }

  #sequence(): RegexNode {
    const parts: RegexNode[] = []
    for (;;) {
      const next = this.#peek()
      if (next === '' || next === '|' || next === ')' || next === '$') break
      parts.push(this.#quantified(this.#atom()))
    }
    return { kind: 'sequence', parts }
  }

  #quantified(part: RegexNode): RegexNode {
    const bounds = this.#quantifier()
    if (bounds === undefined) return part
    // Greed does not change which texts match.
    this.#take('?')
    if (this.#quantifier() !== undefined) this.#fail('nothing to repeat')
    return { kind: 'repeat', part, min: bounds[0], max: bounds[1] }
  }

  #quantifier(): [min: number, max: number] | undefined {
    if (this.#take('*')) return [0, Number.POSITIVE_INFINITY]
    if (this.#take('+')) return [1, Number.POSITIVE_INFINITY]
    if (this.#take('?')) return [0, 1]
    if (this.#peek() !== '{') return undefined
    const match = /^\{(\d{1,9})(,(\d{1,9})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 24))
    if (match === null) this.#fail('a brace that is no quantifier: write \\{')
    this.#at += match[0].length
    const min = Number(match[1])
    const max =
      match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3])
    if (max < min) this.#fail('numbers out of order in a quantifier')
    return [min, max]
  }

  #atom(): RegexNode {
    const next = this.#peek()
    if (next === '(') return this.#group()
    if (next === '[') return { kind: 'set', ranges: this.#class() }
    if (next === '.') return this.#set(DOT)
    if (next === '\\') return { kind: 'set', ranges: this.#escape(false) }
    if (next === '^') this.#fail('an anchor only at the ends of the expression')
    if ('*+?{}]'.includes(next)) this.#fail(`"${next}" must be written \\${next}`)
    const point = this.#source.codePointAt(this.#at) as number
    this.#at += point > 0xffff ? 2 : 1
    return { kind: 'set', ranges: [[point, point]] }
  }

  #set(ranges: readonly Range[]): RegexNode {
    this.#at++
    return { kind: 'set', ranges }
  }

  #group(): RegexNode {
    if (++this.#nested > MOST_NESTED) this.#fail(`more than ${MOST_NESTED} nested groups`)
    this.#at++
    if (this.#take('?')) {
      const name = /^<[A-Za-z_$][\w$]*>/.exec(this.#source.slice(this.#at, this.#at + 100))
      if (name !== null) this.#at += name[0].length
      else if (!this.#take(':')) this.#fail('look-around and flags are not supported')
    }
    const node = this.#choice()
    if (this.#peek() === '$') this.#fail('an anchor only at the ends of the expression')
    if (!this.#take(')')) this.#fail('a group is not closed')
    this.#nested--
    return node
  }

  #class(): Range[] {
    this.#at++
    const negated = this.#take('^')
    const ranges: Range[] = []
    while (!this.#take(']')) {
      const low = this.#member()
      if (this.#peek() === '-' && this.#source[this.#at + 1] !== ']') {
        this.#at++
        const high = this.#member()
        const [from, to] = [single(low), single(high)]
        if (from === undefined || to === undefined || from > to) this.#fail('a range of a class out of order')
        ranges.push([from, to])
      } else ranges.push(...low)
    }
    return negated ? complement(ranges) : union(ranges)
  }

  #member(): readonly Range[] {
    if (this.#at >= this.#source.length) this.#fail('a class is not closed')
    if (this.#peek() === '\\') return this.#escape(true)
    const point = this.#source.codePointAt(this.#at) as number
    this.#at += point > 0xffff ? 2 : 1
    return [[point, point]]
  }

  #escape(inClass: boolean): readonly Range[] {
    const rest = this.#source.slice(this.#at + 1, this.#at + 64)
    const letter = rest[0] ?? ''
    const pick = (length: number, point: number): readonly Range[] => {
      this.#at += length + 1
      return [[point, point]]
    }
    const known = LETTERS[letter]
    if (known !== undefined) {
      this.#at += 2
      return known
    }
    const control = ESCAPED[letter]
    if (control !== undefined) return pick(1, control)
    if (letter === 'b' && inClass) return pick(1, 8)
    const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(rest)
    if (hex !== null) return this.#hex(hex, rest, pick)
    const named = /^([pP])\{([A-Za-z_=]{1,50})\}/.exec(rest)
    if (named !== null) {
      const ranges = property(named[2] as string)
      if (ranges === undefined) this.#fail(`no property ${named[2]} of characters`)
      this.#at += named[0].length + 1
      return named[1] === 'P' ? complement(ranges) : ranges
    }
    if (letter === '0' && !/^0\d/.test(rest)) return pick(1, 0)
    if (/^c[A-Za-z]/.test(rest)) return pick(2, rest.charCodeAt(1) % 32)
    // JSON Schema is also written for engines that escape any punctuation.
    if (/^[^A-Za-z0-9\s]/.test(letter) && letter.charCodeAt(0) < 128) return pick(1, letter.charCodeAt(0))
    return this.#fail(`\\${letter} is not supported`)
  }

  #hex(
    match: RegExpExecArray,
    rest: string,
    pick: (length: number, point: number) => readonly Range[],
  ): readonly Range[] {
    const point = Number.parseInt((match[1] ?? match[2] ?? match[3]) as string, 16)
    if (point > 0x10ffff) this.#fail('a code point above 10FFFF')
    const low = /^u(?:d[89ab]..)\\u(d[c-f]..)/i.exec(rest)
    if (match[2] === undefined || low === null) return pick(match[0].length, point)
    const second = Number.parseInt(low[1] as string, 16)
    return pick(11, 0x10000 + (point - 0xd800) * 0x400 + (second - 0xdc00))
  }

  #peek(): string {
    return this.#source[this.#at] ?? ''
  }

  #take(text: string): boolean {
    if (this.#peek() !== text) return false
    this.#at++
    return true
  }

  #fail(problem: string): never {
    throw new RegexError({ at: this.#at, problem })
  }
}

function single(ranges: readonly Range[]): number | undefined {
  const [only] = ranges
  return ranges.length === 1 && only?.[0] === only?.[1] ? only?.[0] : undefined
}

/** Any text. */
export const ANYTHING: RegexNode = {
  kind: 'repeat',
  part: { kind: 'set', ranges: ALL },
  min: 0,
  max: Number.POSITIVE_INFINITY,
}
