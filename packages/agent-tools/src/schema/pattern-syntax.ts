/**
 * Reads the regular expressions of JSON Schema (JavaScript's, with flag u), all but what needs backtracking: lookaround
 * and backreferences. What stands for one character is kept as text, for JavaScript to decide.
 */

export type PatternNode =
  | { readonly kind: 'character'; readonly source: string }
  | { readonly kind: 'assertion'; readonly of: '^' | '$' | 'b' | 'B' }
  | { readonly kind: 'sequence'; readonly parts: readonly PatternNode[] }
  | { readonly kind: 'choice'; readonly options: readonly PatternNode[] }
  | { readonly kind: 'repeat'; readonly body: PatternNode; readonly least: number; readonly most: number }

/** Tokens in front of a quantifier. Surrogates written as two escapes are one character under flag u. */
const token =
  /\[(?:\\.|[^\]\\])*\]|\\u[dD][89abAB]..\\u[dD][c-fC-F]..|\\u\{[^}]*\}|\\u....|\\x..|\\[pP]\{[^}]*\}|\\c.|\\.|\(\?:|\(\?<(?![=!])[^>]*>|\(\?|[\s\S]/uy
const quantifier = /(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/y

/**
 * The tree of a pattern that `new RegExp(pattern, 'u')` takes; undefined for lookaround, backreferences and inline
 * flags.
 */
export function parsePattern(pattern: string): PatternNode | undefined {
  let at = 0
  let supported = true

  const next = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at
    const match = expression.exec(pattern)
    if (match !== null) at = expression.lastIndex
    return match
  }

  const choice = (): PatternNode => {
    const options = [sequence()]
    while (pattern[at] === '|') {
      at++
      options.push(sequence())
    }
    return options.length === 1 && options[0] !== undefined ? options[0] : { kind: 'choice', options }
  }

  const sequence = (): PatternNode => {
    const parts: PatternNode[] = []
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') parts.push(repeated(term()))
    return { kind: 'sequence', parts }
  }

  const term = (): PatternNode => {
    const source = next(token)?.[0] ?? ''
    if (source === '^' || source === '$') return { kind: 'assertion', of: source }
    if (source === '\\b' || source === '\\B') return { kind: 'assertion', of: source === '\\b' ? 'b' : 'B' }
    if (source === '(?' || /^\\[1-9k]/.test(source)) supported = false
    if (!source.startsWith('(')) return { kind: 'character', source }
    const inside = choice()
    at++ // the closing bracket
    return inside
  }

  const repeated = (body: PatternNode): PatternNode => {
    const match = next(quantifier)
    if (match === null) return body
    const [, sign, from, comma, to] = match
    const least = sign === undefined ? Number(from) : sign === '+' ? 1 : 0
    const bounded =
      sign === undefined ? (comma === undefined ? least : to ? Number(to) : undefined) : undefined
    return { kind: 'repeat', body, least, most: bounded ?? (sign === '?' ? 1 : Number.POSITIVE_INFINITY) }
  }

  const tree = choice()
  return supported ? tree : undefined
}
