import type jsep from 'jsep'
import { ExpressionError } from './expression-error.ts'
import { constants, functions, opposite, sum } from './functions.ts'
import { group, parseExpression } from './parse.ts'
import { bitLength, divide, multiply, parseDecimal, power, remainder } from './rational.ts'
import { asNumber, bounded, isExact, maxBits, type Value } from './value.ts'

/** The value of an arithmetic expression; ExpressionError with a message for the model if it has none. */
export function evaluateExpression(text: string): Value {
  return evaluate(parseExpression(text))
}

/** The nodes that have a meaning here; anything else is refused, whatever the parser may come up with. */
function evaluate(node: jsep.Expression): Value {
  switch (node.type) {
    case 'Literal':
      return literal(node as jsep.Literal)
    case 'Identifier':
      return constant((node as jsep.Identifier).name)
    case 'UnaryExpression':
      return unary(node as jsep.UnaryExpression)
    case 'BinaryExpression':
      return binary(node as jsep.BinaryExpression)
    case 'CallExpression':
      return call(node as jsep.CallExpression)
    case 'MemberExpression':
      throw new ExpressionError({ message: dotMessage, part: '.' })
    default:
      throw new ExpressionError({ message: `this is not arithmetic: ${node.type}`, part: node.type })
  }
}

const dotMessage = 'no names with a dot: write sqrt(2) instead of Math.sqrt(2)'

function literal({ raw }: jsep.Literal): Value {
  const match = /^(?=\.?\d)\d*\.?\d*(?:e([-+]?\d+))?$/i.exec(raw)
  if (match === null) throw unknownName(raw)
  if (Math.abs(Number(match[1] ?? 0)) > 308)
    throw new ExpressionError({ message: `the exponent of ${raw} is beyond 308`, part: raw })
  return bounded(parseDecimal(raw))
}

function constant(name: string): Value {
  const value = constants.get(name.toLowerCase())
  if (value !== undefined) return value
  if (functions.has(name)) throw new ExpressionError({ message: `${name} needs (...) behind it`, part: name })
  throw unknownName(name)
}

function unknownName(name: string): ExpressionError {
  const known = [...constants.keys(), ...functions.keys()].join(', ')
  return new ExpressionError({ message: `unknown name ${name}; known: ${known}`, part: name })
}

/** A sign binds less than a power: the parser reads `-2 ** 2` as `(-2) ** 2`, people as `-(2 ** 2)`. */
function unary({ operator, argument }: jsep.UnaryExpression): Value {
  return signed(operator, evaluate(argument))
}

function signed(sign: string, value: Value): Value {
  if (sign === '-') return opposite(value)
  if (sign === '+') return value
  throw new ExpressionError({ message: `unknown operator ${sign}`, part: sign })
}

function binary({ operator, left, right }: jsep.BinaryExpression): Value {
  if (operator === '**') return raise(left, evaluate(right))
  const [a, b] = [evaluate(left), evaluate(right)]
  return bounded(apply(operator, a, b))
}

function apply(operator: string, a: Value, b: Value): Value {
  const bothExact = isExact(a) && isExact(b)
  switch (operator) {
    case '+':
      return sum(a, b)
    case '-':
      return sum(a, opposite(b))
    case '*':
      return bothExact ? multiply(a, b) : asNumber(a) * asNumber(b)
    case '/':
      refuseZero(b)
      return bothExact ? divide(a, b) : asNumber(a) / asNumber(b)
    case '%':
      refuseZero(b)
      return bothExact ? remainder(a, b) : asNumber(a) % asNumber(b)
    default:
      throw new ExpressionError({ message: `unknown operator ${operator}`, part: operator })
  }
}

function refuseZero(divisor: Value): void {
  if (asNumber(divisor) === 0) throw new ExpressionError({ message: 'division by zero' })
}

function raise(base: jsep.Expression, exponent: Value): Value {
  if (base.type === 'UnaryExpression') {
    const { operator, argument } = base as jsep.UnaryExpression
    return signed(operator, raise(argument, exponent))
  }
  return bounded(toPower(evaluate(base), exponent))
}

function toPower(base: Value, exponent: Value): Value {
  if (asNumber(base) === 0 && asNumber(exponent) < 0)
    throw new ExpressionError({ message: 'division by zero' })
  if (isExact(base) && isExact(exponent) && exponent.denominator === 1n) {
    const bits = Math.max(bitLength(base.numerator), bitLength(base.denominator))
    // b bits to the n have between (b - 1) n and b n bits: what is computed here has at most twice the most.
    if (bits <= 1 || (bits - 1) * Math.abs(asNumber(exponent)) <= maxBits)
      return power(base, exponent.numerator)
  }
  return asNumber(base) ** asNumber(exponent)
}

function call(node: jsep.CallExpression): Value {
  const { callee } = node
  if (callee.type === 'MemberExpression') throw new ExpressionError({ message: dotMessage, part: '.' })
  if (callee.type !== 'Identifier')
    throw new ExpressionError({ message: 'put an operator before the (: 2 * (3 + 4) instead of 2(3 + 4)' })
  const { name } = callee as jsep.Identifier
  const values = node.arguments.map(evaluate)
  const [only] = values
  if (name === group) {
    if (values.length === 1 && only !== undefined) return only
    throw new ExpressionError({
      message: 'parentheses hold one value; write 1000 instead of 1,000',
      part: '(',
    })
  }
  const known = functions.get(name.toLowerCase())
  if (known === undefined) throw unknownName(name)
  if (values.length < known.least || values.length > known.most) {
    const range = known.least === known.most ? `${known.least}` : `${known.least} to ${known.most}`
    const message = `${name} takes ${range} ${known.most === 1 ? 'value' : 'values'}, got ${values.length}`
    throw new ExpressionError({ message, part: name })
  }
  return bounded(known.apply(values))
}
