/**
 * JSON numbers as rules. Digits are bounded (21 before the point, 25 behind it), so that a model cannot write digits for
 * ever; these are more than any 64-bit number needs. Bounds are compared digit by digit, never in floating point.
 */
import type { GrammarBuilder } from './builder.ts'
import type { NodeId, RuleId } from './grammar.ts'

const INTEGER_DIGITS = 21
const FRACTION_DIGITS = 25
const ZERO = 0x30

/** A bound: decimal digits of a number >= 0, and whether the number itself is outside. */
interface Bound {
  readonly integer: string
  readonly fraction: string
  readonly open: boolean
}

export interface NumberBounds {
  readonly min?: number | undefined
  readonly max?: number | undefined
  readonly minOpen?: boolean | undefined
  readonly maxOpen?: boolean | undefined
  /** Digits behind the point at most; 0: integers. */
  readonly fractionDigits?: number | undefined
  /** Integers only: multiples of this. */
  readonly multipleOf?: number | undefined
}

/** Any number: also with an exponent, below 1e308. */
export function numberRule(builder: GrammarBuilder): RuleId {
  return builder.named(
    'number',
    (rule) => {
      const { start, end } = builder.get(rule)
      const unsigned = sign(builder, start)
      const fraction = digits(builder, integer(builder, unsigned), end)
      fraction(FRACTION_DIGITS)
      // d.ddde+ddd: with one digit before the point, exponents up to 307 are finite.
      const one = builder.node()
      builder.bytes(unsigned, ZERO, ZERO + 9, one)
      const mantissa = builder.node()
      digits(builder, one, mantissa)(FRACTION_DIGITS)
      const exponent = builder.node()
      for (const letter of [0x45, 0x65]) builder.bytes(mantissa, letter, letter, exponent)
      const [minus, plus] = [builder.text(exponent, '-'), builder.text(exponent, '+')]
      builder.empty(exponent, plus)
      const up = (from: NodeId, ...sets: (readonly [number, number])[]): void => {
        let at = from
        for (const [i, [low, high]] of sets.entries()) {
          const next = i === sets.length - 1 ? end : builder.node()
          builder.bytes(at, ZERO + low, ZERO + high, next)
          at = next
        }
      }
      for (const from of [minus, plus]) {
        up(from, [0, 9])
        up(from, [0, 9], [0, 9])
      }
      // What is too small is 0, what is too large has no value.
      up(minus, [0, 9], [0, 9], [0, 9])
      up(plus, [0, 2], [0, 9], [0, 9])
      up(plus, [3, 3], [0, 0], [0, 7])
    },
    { shape: 'number' },
  )
}

/** An integer of at most 21 digits. */
export function integerRule(builder: GrammarBuilder): RuleId {
  return builder.named(
    'integer',
    (rule) => {
      const { start, end } = builder.get(rule)
      builder.empty(integer(builder, sign(builder, start)), end)
    },
    { shape: 'integer' },
  )
}

function sign(builder: GrammarBuilder, start: NodeId): NodeId {
  const unsigned = builder.text(start, '-')
  builder.empty(start, unsigned)
  return unsigned
}

function integer(builder: GrammarBuilder, from: NodeId): NodeId {
  const done = builder.node()
  builder.bytes(from, ZERO, ZERO, done)
  let at = builder.node()
  builder.bytes(from, ZERO + 1, ZERO + 9, at)
  for (let i = 1; i < INTEGER_DIGITS; i++) {
    builder.empty(at, done)
    const next = builder.node()
    builder.bytes(at, ZERO, ZERO + 9, next)
    at = next
  }
  builder.empty(at, done)
  return done
}

/** Nothing, or a point and up to some digits. */
function digits(builder: GrammarBuilder, from: NodeId, to: NodeId): (most: number) => void {
  return (most) => {
    builder.empty(from, to)
    let at = builder.text(from, '.')
    for (let i = 0; i < most; i++) {
      const next = builder.node()
      builder.bytes(at, ZERO, ZERO + 9, next)
      builder.empty(next, to)
      at = next
    }
  }
}

/** Numbers between bounds, without exponents. */
export function boundedNumberRule(builder: GrammarBuilder, bounds: NumberBounds): RuleId {
  const rule = builder.rule()
  const { start, end } = builder.get(rule)
  const {
    min = Number.NEGATIVE_INFINITY,
    max = Number.POSITIVE_INFINITY,
    minOpen = false,
    maxOpen = false,
  } = bounds
  const parts = { fraction: bounds.fractionDigits ?? FRACTION_DIGITS, multiple: bounds.multipleOf ?? 1 }
  const atLeast = (value: number, open: boolean): Bound => bound(Math.abs(value), open)
  // Numbers >= 0, then those below it, whose digits are bounded the other way round.
  const low = min > 0 ? atLeast(min, minOpen) : min === 0 ? atLeast(0, minOpen) : undefined
  if (max >= 0) {
    const high = max === Number.POSITIVE_INFINITY ? undefined : atLeast(max, maxOpen)
    writeBetween(builder, [start, end], low, high, parts)
  }
  if (min < 0) {
    const high = min === Number.NEGATIVE_INFINITY ? undefined : atLeast(min, minOpen)
    writeBetween(
      builder,
      [builder.text(start, '-'), end],
      max < 0 ? atLeast(max, maxOpen) : bound(0, true),
      high,
      parts,
    )
  }
  return rule
}

/** The exact shortest decimal of a number >= 0. */
function bound(value: number, open: boolean): Bound {
  const [mantissa = '0', exponent = '0'] = String(value).split('e')
  const [whole = '0', part = ''] = mantissa.split('.')
  const shift = Number(exponent)
  const all = whole + part
  const point = whole.length + shift
  const integer = point <= 0 ? '0' : all.padEnd(point, '0').slice(0, point)
  const fraction = point < 0 ? '0'.repeat(-point) + all : all.padEnd(point, '0').slice(point)
  return { integer: integer.replace(/^0+(?=.)/, ''), fraction: fraction.replace(/0+$/, ''), open }
}

interface Parts {
  readonly fraction: number
  readonly multiple: number
}

/** Numbers x >= 0 with low <= x <= high (or without the ends), for each count of digits before the point. */
function writeBetween(
  builder: GrammarBuilder,
  [from, end]: readonly [NodeId, NodeId],
  low: Bound | undefined,
  high: Bound | undefined,
  parts: Parts,
): void {
  const shortest = low?.integer.length ?? 1
  const most = Math.max(INTEGER_DIGITS, shortest)
  const longest = high === undefined ? most : Math.min(high.integer.length, most)
  for (let length = shortest; length <= longest; length++) {
    const tightLow = low !== undefined && low.integer.length === length
    const tightHigh = high !== undefined && high.integer.length === length
    writeDigits(builder, [from, end], length, tightLow ? low : undefined, tightHigh ? high : undefined, parts)
  }
}

/** States are (place, equal to low so far, equal to high so far, remainder); dead ends are trimmed later. */
function writeDigits(
  builder: GrammarBuilder,
  [from, end]: readonly [NodeId, NodeId],
  length: number,
  low: Bound | undefined,
  high: Bound | undefined,
  { fraction, multiple }: Parts,
): void {
  const digitOf = (bound: Bound | undefined, place: number): number =>
    Number((place < length ? bound?.integer[place] : bound?.fraction[place - length]) ?? 0)
  const restIsZero = (bound: Bound, place: number): boolean => bound.fraction.length <= place - length
  const known = new Map<string, NodeId>()
  const write = (place: number, onLow: boolean, onHigh: boolean, remainder: number): NodeId => {
    const key = `${place} ${onLow} ${onHigh} ${remainder}`
    const before = known.get(key)
    if (before !== undefined) return before
    const node = place === 0 ? from : builder.node()
    known.set(key, node)
    if (place >= length && remainder === 0) {
      const above = !onLow || low === undefined || (restIsZero(low, place) && !low.open)
      const below = !onHigh || high === undefined || !restIsZero(high, place) || !high.open
      if (above && below) builder.empty(node, end)
    }
    if (place >= length + fraction) return node
    const source = place === length ? builder.text(node, '.') : node
    for (let digit = place === 0 && length > 1 ? 1 : 0; digit <= 9; digit++) {
      if (onLow && digit < digitOf(low, place)) continue
      if (onHigh && digit > digitOf(high, place)) continue
      const next = write(
        place + 1,
        onLow && digit === digitOf(low, place),
        onHigh && digit === digitOf(high, place),
        (remainder * 10 + digit) % multiple,
      )
      builder.bytes(source, ZERO + digit, ZERO + digit, next)
    }
    return node
  }
  write(0, low !== undefined, high !== undefined, 0)
}
