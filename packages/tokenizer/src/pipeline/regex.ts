/**
 * Translates the regular expressions of tokenizer.json, written for Oniguruma (Ruby syntax, Unicode), into JavaScript ones.
 *
 * | Oniguruma                  | JavaScript, flag u                                                                   |
 * |----------------------------|--------------------------------------------------------------------------------------|
 * | `\s`, `\S`                 | `\p{White_Space}`, `\P{White_Space}`: JavaScript's `\s` has U+FEFF and lacks U+0085  |
 * | `\d`, `\D`                 | `\p{Nd}`, `\P{Nd}`                                                                   |
 * | `.`, `^`, `$`              | all but `\n`; begin and end of a line, where only `\n` ends a line                   |
 * | `x++`, `x*+`, `x?+`, `(?>)`| an atomic group: `(?=(?<a1>x+))\k<a1>`                                               |
 * | `(?i:abc)`                 | `[aA][bB][cC]`                                                                       |
 * | `x{1,3}+`                  | `(?:x{1,3})+`: not possessive in Ruby syntax                                         |
 * | `(x)`                      | `(?:x)`: nothing reads the captures                                                  |
 * | `\p{Han}`                  | `\p{Script=Han}`                                                                     |
 *
 * What is not listed in the code is refused by name, so that no pattern is followed almost. The Oniguruma of tokenizers 0.23.3
 * knows Unicode 16. In an engine with Unicode 17, 4,644 more characters are letters (Chinese 323B0..33479 and new scripts), 42
 * more are marks and 103 more symbols, and U+0295 is Lo instead of Ll: texts with those may be split differently.
 */
import { UnsupportedTokenizerError } from '../errors.ts'

/** Deepest nesting of groups. */
const MAX_DEPTH = 50

/** Escapes of one character that JavaScript spells the same or as given. */
const CHARACTER_ESCAPES: Readonly<Record<string, string>> = {
  a: '\\x07',
  e: '\\x1b',
  f: '\\f',
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
}

const CLASS_ESCAPES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '\\p{White_Space}',
  S: '\\P{White_Space}',
}

const LINE_BEGIN = '(?:^|(?<=\\n)(?!$))'
const LINE_END = '(?![^\\n])'

/** Compiles a pattern of tokenizer.json with flags `gu`. @throws UnsupportedTokenizerError naming what has no equal */
export function compileRegex(pattern: string, path: string): RegExp {
  const translated = new Translator(pattern, path).translate()
  try {
    return new RegExp(translated, 'gu')
  } catch (cause) {
    throw new UnsupportedTokenizerError({ path, value: pattern, expected: 'a regular expression', cause })
  }
}

/** A pattern that matches exactly this text. */
export function compileLiteral(text: string): RegExp {
  return new RegExp(Array.from(text, literal).join(''), 'gu')
}

function literal(character: string): string {
  return /[\^$\\.*+?()[\]{}|/-]/.test(character) && character !== '-' ? `\\${character}` : character
}

class Translator {
  readonly #source: string
  readonly #path: string
  #at = 0
  #atomicGroups = 0

  constructor(source: string, path: string) {
    this.#source = source
    this.#path = path
  }

  translate(): string {
    const result = this.#alternatives(false, 0)
    if (this.#at < this.#source.length) this.#refuse(')')
    return result
  }

  /** Everything up to the end or an unmatched `)`. */
  #alternatives(ignoreCase: boolean, depth: number): string {
    if (depth > MAX_DEPTH) this.#refuse('groups nested so deep')
    let out = ''
    while (this.#at < this.#source.length && this.#source[this.#at] !== ')') {
      if (this.#take('|')) out += '|'
      else out += this.#quantified(this.#atom(ignoreCase, depth))
    }
    return out
  }

  #quantified(atom: string): string {
    const quantifier = this.#match(/[*+?]|\{\d+(?:,\d*)?\}|\{,\d+\}/y)
    if (quantifier === undefined) return atom
    const counted = quantifier.startsWith('{')
    const js = quantifier.replace('{,', '{0,')
    let result: string
    if (this.#take('?')) {
      if (counted && !quantifier.includes(',')) this.#refuse(`${quantifier}?`)
      result = `${atom}${js}?`
    } else if (this.#take('+')) {
      // After a count, Ruby syntax reads a second quantifier and not a possessive one.
      result = counted ? `(?:${atom}${js})+` : this.#atomic(`${atom}${js}`)
    } else {
      result = `${atom}${js}`
    }
    const further = this.#match(/[*+?]/y)
    if (further !== undefined) this.#refuse(`${quantifier}${further}`)
    return result
  }

  #atomic(body: string): string {
    const name = `a${++this.#atomicGroups}`
    return `(?:(?=(?<${name}>${body}))\\k<${name}>)`
  }

  #atom(ignoreCase: boolean, depth: number): string {
    if (this.#take('(')) return this.#group(ignoreCase, depth)
    if (this.#take('[')) return this.#class(ignoreCase)
    if (this.#take('\\')) return this.#escape(false).text
    if (this.#take('.')) return '[^\\n]'
    if (this.#take('^')) return LINE_BEGIN
    if (this.#take('$')) return LINE_END
    const character = this.#next()
    if ('*+?'.includes(character)) this.#refuse(character)
    return ignoreCase ? this.#bothCases(character) : literal(character)
  }

  #group(ignoreCase: boolean, depth: number): string {
    const opening = this.#match(/\?(?:i?:|>|=|!|<=|<!)/y) ?? ''
    if (opening === '' && this.#source[this.#at] === '?')
      this.#refuse(this.#source.slice(this.#at - 1, this.#at + 3))
    const body = this.#alternatives(ignoreCase || opening === '?i:', depth + 1)
    if (!this.#take(')')) this.#refuse('a group without end')
    if (opening === '?>') return this.#atomic(body)
    return opening === '' || opening === '?i:' ? `(?:${body})` : `(${opening}${body})`
  }

  /** Case folding of ASCII letters; `k` and `s` have one more partner each. */
  #bothCases(character: string): string {
    if (/^[A-Za-z]$/.test(character)) {
      const lower = character.toLowerCase()
      return `[${lower}${lower.toUpperCase()}${{ k: '\\u212a', s: '\\u017f' }[lower] ?? ''}]`
    }
    if (character.toLowerCase() !== character.toUpperCase()) this.#refuse(`${character} inside (?i:)`)
    return literal(character)
  }

  #class(ignoreCase: boolean): string {
    let out = this.#take('^') ? '[^' : '['
    let rangeMayFollow = false
    for (let first = true; !this.#take(']'); first = false) {
      if (this.#at >= this.#source.length) this.#refuse('a class without end')
      if (this.#source.startsWith('&&', this.#at)) this.#refuse('&& in a class')
      if (this.#source[this.#at] === '[') this.#refuse('a class inside a class')
      if (this.#source[this.#at] === '-' && rangeMayFollow && this.#source[this.#at + 1] !== ']') {
        if (ignoreCase) this.#refuse('a range inside (?i:)')
        this.#at++
        const end = this.#classItem(false)
        if (!end.single) this.#refuse('a range that ends in a class')
        out += `-${end.text}`
        rangeMayFollow = false
      } else {
        const item = this.#classItem(ignoreCase)
        out += item.text
        rangeMayFollow = item.single && !(first && item.text === '\\-')
      }
    }
    return `${out}]`
  }

  #classItem(ignoreCase: boolean): { text: string; single: boolean } {
    if (this.#take('\\')) {
      if (ignoreCase) this.#refuse('an escape in a class inside (?i:)')
      return this.#escape(true)
    }
    const character = this.#next()
    if (ignoreCase) return { text: this.#bothCases(character).replace(/^\[|\]$/g, ''), single: true }
    return { text: character === '-' ? '\\-' : literal(character), single: true }
  }

  /** What follows a backslash; `single` if it is one character. */
  #escape(inClass: boolean): { text: string; single: boolean } {
    const property = this.#match(/[pP]\{[A-Za-z_]+\}/y)
    if (property !== undefined) return { text: this.#property(property), single: false }
    const hex = this.#match(/x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}/y)
    if (hex !== undefined) return { text: `\\${hex.replace('x{', 'u{')}`, single: true }
    const character = this.#next()
    const characterClass = CLASS_ESCAPES[character]
    if (characterClass !== undefined) return { text: characterClass, single: false }
    const named = CHARACTER_ESCAPES[character]
    if (named !== undefined) return { text: named, single: true }
    if (/[A-Za-z0-9]/.test(character)) this.#refuse(`\\${character}`)
    if (character === '-') return { text: inClass ? '\\-' : '-', single: true }
    return { text: literal(character), single: true }
  }

  /** General categories are spelled alike; any other property is taken for a script. */
  #property(text: string): string {
    const name = text.slice(2, -1)
    if (/^(?:L[ultmo]?|M[nce]?|N[dlo]?|P[cdseifo]?|S[mcko]?|Z[slp]?|C[cfon]?)$/.test(name)) return `\\${text}`
    return `\\${text[0]}{Script=${name}}`
  }

  #next(): string {
    const code = this.#source.codePointAt(this.#at)
    if (code === undefined) this.#refuse('an unfinished pattern')
    const character = String.fromCodePoint(code)
    this.#at += character.length
    return character
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  #match(sticky: RegExp): string | undefined {
    sticky.lastIndex = this.#at
    const found = sticky.exec(this.#source)?.[0]
    if (found !== undefined) this.#at += found.length
    return found
  }

  #refuse(what: string): never {
    const expected = `a pattern without ${what} (position ${this.#at}), for which there is no translation`
    throw new UnsupportedTokenizerError({ path: this.#path, value: this.#source, expected })
  }
}
