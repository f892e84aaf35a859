import { ExpressionError } from './expression-error.ts'
import {
  add,
  floor,
  fromNumber,
  multiply,
  negate,
  power,
  type Rational,
  rational,
  round,
  truncate,
} from './rational.ts'
import { asNumber, isExact, type Value } from './value.ts'

/** A function of an expression: how many arguments it takes, and its value. */
export interface CalculatorFunction {
  readonly least: number
  readonly most: number
  apply(values: readonly Value[]): Value
}

const exact = (value: Value): Rational => (isExact(value) ? value : fromNumber(value))

/** One argument, computed in float64. */
function real(compute: (x: number) => number): CalculatorFunction {
  return { least: 1, most: 1, apply: ([x = 0]) => compute(asNumber(x)) }
}

/** sin(pi) is 0 to a person: pi here is a float64, off by 1.2e-16, and the result is as far off. */
function periodic(compute: (x: number) => number): CalculatorFunction {
  return real((x) => (Math.abs(compute(x)) < 4e-16 ? 0 : compute(x)))
}

function integer(compute: (x: Rational) => bigint): CalculatorFunction {
  return { least: 1, most: 1, apply: ([x = 0]) => rational(compute(exact(x))) }
}

function isLess(a: Value, b: Value): boolean {
  if (!isExact(a) || !isExact(b)) return asNumber(a) < asNumber(b)
  return a.numerator * b.denominator < b.numerator * a.denominator
}

function roundTo([x = 0, digits = 0]: readonly Value[]): Value {
  const places = asNumber(digits)
  if (!Number.isInteger(places) || Math.abs(places) > 100)
    throw new ExpressionError({ message: 'round(x, digits) takes an integer of at most 100', part: 'round' })
  const scale = power(rational(10n), BigInt(places))
  return multiply(rational(round(multiply(exact(x), scale))), power(scale, -1n))
}

function logarithm([x = 0, base]: readonly Value[]): number {
  if (asNumber(x) <= 0) throw new ExpressionError({ message: 'log needs a number above 0', part: 'log' })
  return base === undefined ? Math.log(asNumber(x)) : Math.log(asNumber(x)) / Math.log(asNumber(base))
}

/** Angles are radians, `log` and `ln` natural, `log(x, base)` of any base; `round(x, digits)` keeps decimals. */
export const functions: ReadonlyMap<string, CalculatorFunction> = new Map<string, CalculatorFunction>([
  ['abs', { least: 1, most: 1, apply: ([x = 0]) => (isLess(x, 0) ? opposite(x) : x) }],
  ['min', { least: 1, most: 100, apply: (values) => values.reduce((a, b) => (isLess(b, a) ? b : a)) }],
  ['max', { least: 1, most: 100, apply: (values) => values.reduce((a, b) => (isLess(a, b) ? b : a)) }],
  ['round', { least: 1, most: 2, apply: roundTo }],
  ['floor', integer(floor)],
  ['ceil', integer((x) => -floor(negate(x)))],
  ['trunc', integer(truncate)],
  ['sqrt', real(Math.sqrt)],
  ['cbrt', real(Math.cbrt)],
  ['exp', real(Math.exp)],
  ['log', { least: 1, most: 2, apply: logarithm }],
  ['ln', { least: 1, most: 1, apply: logarithm }],
  ['log2', real(Math.log2)],
  ['log10', real(Math.log10)],
  ['sin', periodic(Math.sin)],
  ['cos', periodic(Math.cos)],
  ['tan', periodic(Math.tan)],
  ['asin', real(Math.asin)],
  ['acos', real(Math.acos)],
  ['atan', real(Math.atan)],
])

export const constants: ReadonlyMap<string, number> = new Map([
  ['pi', Math.PI],
  ['e', Math.E],
])

export function opposite(x: Value): Value {
  return isExact(x) ? negate(x) : -x
}

export function sum(a: Value, b: Value): Value {
  return isExact(a) && isExact(b) ? add(a, b) : asNumber(a) + asNumber(b)
}
