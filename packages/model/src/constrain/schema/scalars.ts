/** Strings and numbers with the keywords that limit them. */
import type { GrammarBuilder } from '../builder.ts'
import { GrammarLimitError, RegexError } from '../errors.ts'
import type { RuleId } from '../grammar.ts'
import { boundedNumberRule, integerRule, numberRule } from '../json-number.ts'
import { patternRule, stringRule } from '../json-string.ts'
import { regexAutomaton } from '../regex/automaton.ts'
import { FORMATS } from './formats.ts'
import type { JsonObject } from './keywords.ts'
import type { Warnings } from './warning.ts'

export function stringSchema(
  builder: GrammarBuilder,
  schema: JsonObject,
  pointer: string,
  warnings: Warnings,
): RuleId {
  const {
    minLength: min = 0,
    maxLength: max = Number.POSITIVE_INFINITY,
    pattern,
    format,
  } = schema as {
    minLength?: number
    maxLength?: number
    pattern?: string
    format?: string
  }
  if (min > max) return builder.rule()
  const known = format !== undefined && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (format !== undefined && known === undefined)
    warnings.add(pointer, 'format', `${format.slice(0, 40)} is not checked`)
  if (pattern !== undefined && known !== undefined)
    warnings.add(pointer, 'format', 'is not checked beside a pattern')
  if (pattern === undefined && known === undefined) return stringRule(builder, min, max)
  const [keyword, source, mode] =
    pattern === undefined
      ? (['format', known as string, 'whole'] as const)
      : (['pattern', pattern, 'search'] as const)
  const key = `${mode} ${min} ${max} ${source}`
  try {
    const automaton = regexAutomaton(source, mode)
    const size = automaton.nodes * ((max === Number.POSITIVE_INFINITY ? min : max) + 1)
    const bounds = size > MOST_WITH_LENGTH ? {} : { min, max }
    if (size > MOST_WITH_LENGTH)
      warnings.add(
        pointer,
        max === Number.POSITIVE_INFINITY ? 'minLength' : 'maxLength',
        `is not checked beside this ${keyword}: together they are too large`,
      )
    return builder.named(key, (rule) => patternRule(builder, rule, automaton, bounds))
  } catch (error) {
    if (!(error instanceof RegexError || error instanceof GrammarLimitError)) throw error
    warnings.add(pointer, keyword, `was ignored: ${error.message}`)
    return stringRule(builder, min, max)
  }
}

/** Nodes of a pattern times the lengths that it is combined with. */
const MOST_WITH_LENGTH = 30_000
/** Remainders to tell apart. */
const MOST_MULTIPLE = 200

export function numberSchema(
  builder: GrammarBuilder,
  type: 'number' | 'integer',
  schema: JsonObject,
  pointer: string,
  warnings: Warnings,
): RuleId {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema as Record<
    string,
    number | undefined
  >
  const { multipleOf } = schema as { multipleOf?: number }
  const decimals = multipleOf === undefined ? undefined : powerOfTen(multipleOf)
  const whole = multipleOf !== undefined && Number.isInteger(multipleOf)
  const isInteger = type === 'integer' || whole
  const step = whole && multipleOf <= MOST_MULTIPLE ? multipleOf : 1
  // An integer is a multiple of 0.1 and the like.
  const exact = multipleOf === undefined || step === multipleOf || decimals !== undefined
  if (!exact)
    warnings.add(
      pointer,
      'multipleOf',
      `is checked for integers up to ${MOST_MULTIPLE}, 0.1, 0.01 and so on; was ignored`,
    )
  const limited = [minimum, maximum, exclusiveMinimum, exclusiveMaximum].some((bound) => bound !== undefined)
  if (!limited && step === 1 && (isInteger || decimals === undefined)) {
    return isInteger ? integerRule(builder) : numberRule(builder)
  }
  const [low, high] = [tighter(minimum, exclusiveMinimum, 1), tighter(maximum, exclusiveMaximum, -1)]
  return boundedNumberRule(builder, {
    min: low?.value,
    minOpen: low?.open,
    max: high?.value,
    maxOpen: high?.open,
    multipleOf: step,
    fractionDigits: isInteger ? 0 : decimals,
  })
}

function tighter(
  closed: number | undefined,
  open: number | undefined,
  direction: 1 | -1,
): { value: number; open: boolean } | undefined {
  if (open !== undefined && (closed === undefined || direction * (open - closed) >= 0))
    return { value: open, open: true }
  return closed === undefined ? undefined : { value: closed, open: false }
}

/** 2 for 0.01. */
function powerOfTen(value: number): number | undefined {
  for (let digits = 1; digits <= 20; digits++) if (value === Number(`1e-${digits}`)) return digits
  return undefined
}
