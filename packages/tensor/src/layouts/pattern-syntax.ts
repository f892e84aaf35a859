/**
 * The syntax of Python's regular expressions as far as lists of modules use it:
 * literals, `.`, `\.` and other escaped signs, `\d \w \s` and their opposites, `[...]`, `(...)`, `(?:...)`, `(?=...)`, `(?!...)`,
 * `|`, `* + ? {m} {m,} {m,n}` (also lazy), `^`, `$`.
 */

/** Whether one character is of a kind. */
export type Test = (character: string) => boolean

export type Node =
  | { readonly kind: 'character'; readonly test: Test }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Node[] }
  | { readonly kind: 'repeat'; readonly part: Node; readonly least: number; readonly most: number }
  | { readonly kind: 'look'; readonly part: Node; readonly negative: boolean }
  | { readonly kind: 'start' | 'end' }

/** Longer ones are not read. */
const MAX_LENGTH = 512
/** Of brackets in brackets. */
const MAX_DEPTH = 32

export const anything: Node = { kind: 'character', test: (character) => character !== '\n' }

const classes: Readonly<Record<string, Test>> = {
  d: (character) => /\p{Nd}/u.test(character),
  w: (character) => /[\p{L}\p{N}_]/u.test(character),
  s: (character) => /\s/.test(character),
}

/** The pattern as a tree, or `undefined` for one that is malformed, too long, or uses something else. */
export function parsePattern(source: string): Node | undefined {
  if (source.length > MAX_LENGTH) return undefined
  const parser = new Parser([...source])
  const node = parser.choice(0)
  return node !== undefined && parser.done ? node : undefined
}

/** Recursive descent; `undefined` from any part is the end of it. */
class Parser {
  readonly #text: readonly string[]
  #at = 0

  constructor(text: readonly string[]) {
    this.#text = text
  }

  get done(): boolean {
    return this.#at === this.#text.length
  }

  choice(depth: number): Node | undefined {
    const parts: Node[] = []
    do {
      const part = this.#sequence(depth)
      if (part === undefined) return undefined
      parts.push(part)
    } while (this.#take('|'))
    return parts.length === 1 ? parts[0] : { kind: 'choice', parts }
  }

  #sequence(depth: number): Node | undefined {
    const parts: Node[] = []
    while (!this.done && this.#next !== '|' && this.#next !== ')') {
      const atom = this.#atom(depth)
      const part = atom && this.#repeated(atom)
      if (part === undefined) return undefined
      parts.push(part)
    }
    return { kind: 'sequence', parts }
  }

  #repeated(part: Node): Node | undefined {
    const counts = this.#counts()
    if (counts === undefined) return part
    const [least, most] = counts
    const isPlace = part.kind === 'look' || part.kind === 'start' || part.kind === 'end'
    this.#take('?')
    // Two counts in a row are an error, or possessive.
    if (isPlace || most < least || this.#counts() !== undefined) return undefined
    return { kind: 'repeat', part, least, most }
  }

  /** `undefined` where no count stands; a brace that is no count is a literal, as in Python. */
  #counts(): readonly [number, number] | undefined {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    const braces = /^\{(\d{1,3})(,(\d{0,3}))?\}/.exec(this.#text.slice(this.#at, this.#at + 9).join(''))
    if (braces === null) return undefined
    this.#at += braces[0].length
    const least = Number(braces[1])
    if (braces[2] === undefined) return [least, least]
    return [least, braces[3] === '' ? Infinity : Number(braces[3])]
  }

  #atom(depth: number): Node | undefined {
    const character = this.#text[this.#at++]!
    if (character === '(') return this.#group(depth + 1)
    if (character === '[') return this.#set()
    if (character === '.') return anything
    if (character === '^') return { kind: 'start' }
    if (character === '$') return { kind: 'end' }
    if (character === '\\') return this.#escape()
    if ('*+?'.includes(character)) return undefined
    return { kind: 'character', test: (each) => each === character }
  }

  #group(depth: number): Node | undefined {
    let look: boolean | undefined
    if (this.#take('?')) {
      if (this.#take('!')) look = true
      else if (this.#take('=')) look = false
      else if (!this.#take(':')) return undefined
    }
    const part = depth > MAX_DEPTH ? undefined : this.choice(depth)
    if (part === undefined || !this.#take(')')) return undefined
    return look === undefined ? part : { kind: 'look', part, negative: look }
  }

  #escape(): Node | undefined {
    const test = this.#escaped()
    return test && { kind: 'character', test }
  }

  #escaped(): Test | undefined {
    const letter = this.#text[this.#at++]
    if (letter === undefined) return undefined
    const known = classes[letter.toLowerCase()]
    if (known !== undefined && /\w/.test(letter)) {
      return letter === letter.toLowerCase() ? known : (character) => !known(character)
    }
    // An escaped letter or digit has a meaning that is not known here.
    return /[A-Za-z0-9]/.test(letter) ? undefined : (character) => character === letter
  }

  #set(): Node | undefined {
    const negative = this.#take('^')
    const tests: Test[] = []
    for (let first = true; first || this.#next !== ']'; first = false) {
      const from = this.#text[this.#at++]
      if (from === undefined) return undefined
      if (from === '\\') {
        const test = this.#escaped()
        // A range that begins with an escape is rare, and read wrong if not refused.
        if (test === undefined || (this.#next === '-' && this.#text[this.#at + 1] !== ']')) return undefined
        tests.push(test)
        continue
      }
      const isRange = this.#next === '-' && (this.#text[this.#at + 1] ?? ']') !== ']'
      if (isRange) this.#at++
      const to = isRange ? this.#text[this.#at++]! : from
      if (to === '\\' || (isRange && to < from)) return undefined
      tests.push((character) => character >= from && character <= to)
    }
    this.#at++
    return { kind: 'character', test: (character) => tests.some((test) => test(character)) !== negative }
  }

  get #next(): string {
    return this.#text[this.#at] ?? ''
  }

  #take(character: string): boolean {
    if (this.#next !== character) return false
    this.#at++
    return true
  }
}
