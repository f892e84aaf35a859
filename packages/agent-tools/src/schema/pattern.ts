/** Which `pattern`s may run against arguments, and how: in linear time, or not at all. */
import { format } from '@cfworker/json-schema'
import { createMatcher } from './pattern-matcher.ts'
import { type PatternNode, parsePattern } from './pattern-syntax.ts'

const maxCharacters = 512

interface Problem {
  readonly expected: string
  readonly got: string
}

/** Why a `pattern` cannot be used, or undefined. */
export function patternProblem(pattern: string): Problem | undefined {
  const result = compilePattern(pattern)
  return 'matcher' in result ? undefined : { expected: result.expected, got: JSON.stringify(pattern) }
}

/**
 * The name of a format that holds where the pattern matches. The validator would run `pattern` with JavaScript's own
 * engine; formats it looks up in this table of functions.
 *
 * @param pattern one without a `patternProblem`
 */
export function patternFormat(pattern: string): string {
  const name = `${prefix}${pattern}`
  const result = compilePattern(pattern)
  if ('matcher' in result && !Object.hasOwn(format, name)) format[name] = result.matcher
  return name
}

const prefix = 'pattern '

/** The pattern behind a format's name, if it is one of these. */
export function patternOfFormat(name: unknown): string | undefined {
  return typeof name === 'string' && name.startsWith(prefix) ? name.slice(prefix.length) : undefined
}

/**
 * Why a name of `patternProperties` cannot be used, or undefined. These the validator runs itself: they must be harmless
 * in any engine, with at most one repetition, behind `^`.
 */
export function propertyPatternProblem(pattern: string): Problem | undefined {
  const problem = patternProblem(pattern)
  if (problem !== undefined) return problem
  const tree = parsePattern(pattern)
  const repeats = tree === undefined ? Number.POSITIVE_INFINITY : countRepeats(tree)
  if (repeats === 0 || (repeats === 1 && pattern.startsWith('^') && tree?.kind === 'sequence'))
    return undefined
  return { expected: 'a pattern with at most one repetition, behind ^', got: JSON.stringify(pattern) }
}

function compilePattern(pattern: string): { matcher: (text: string) => boolean } | { expected: string } {
  if (pattern.length > maxCharacters) return { expected: `a pattern of at most ${maxCharacters} characters` }
  try {
    new RegExp(pattern, 'u')
  } catch {
    return { expected: 'a regular expression (of JavaScript, flag u)' }
  }
  const tree = parsePattern(pattern)
  if (tree === undefined) return { expected: 'a regular expression without lookaround and backreferences' }
  const matcher = createMatcher(tree)
  return matcher === undefined ? { expected: 'a regular expression with smaller counts' } : { matcher }
}

function countRepeats(node: PatternNode): number {
  switch (node.kind) {
    case 'repeat':
      // A count of something that is itself repeated multiplies.
      return node.most <= 1 ? countRepeats(node.body) : 1 + 2 * countRepeats(node.body)
    case 'sequence':
      return node.parts.reduce((sum, part) => sum + countRepeats(part), 0)
    case 'choice':
      return node.options.reduce((sum, option) => sum + countRepeats(option), 0)
    default:
      return 0
  }
}
