import { casual } from '../casual.ts'
import { thinkMultiply } from '../columns.ts'
import { maybeSystem } from '../system-prompts.ts'
import type { Context, Conversation, Message } from '../types.ts'

interface Unit {
  readonly short: string
  readonly names: readonly string[]
}

const unit = (short: string, ...names: string[]): Unit => ({ short, names: names.length ? names : [short] })
const SINGULAR: Readonly<Record<string, string>> = {
  days: 'day',
  weeks: 'week',
  years: 'year',
  months: 'month',
  bytes: 'byte',
  feet: 'foot',
  yards: 'yard',
}
const one = (item: Unit): string => `1 ${SINGULAR[item.short] ?? item.short}`

const units = {
  km: unit('km', 'km', 'kilometers'),
  m: unit('m', 'm', 'meters'),
  cm: unit('cm', 'cm', 'centimeters'),
  mm: unit('mm', 'mm', 'millimeters'),
  kg: unit('kg', 'kg', 'kilograms'),
  g: unit('g', 'g', 'grams'),
  mg: unit('mg', 'mg', 'milligrams'),
  t: unit('t', 't', 'tonnes'),
  l: unit('l', 'l', 'liters'),
  ml: unit('ml', 'ml', 'milliliters'),
  s: unit('s', 's', 'seconds'),
  ms: unit('ms', 'ms', 'milliseconds'),
  min: unit('min', 'min', 'minutes'),
  h: unit('h', 'h', 'hours'),
  d: unit('days', 'days'),
  w: unit('weeks', 'weeks'),
  y: unit('years', 'years'),
  mo: unit('months', 'months'),
  bytes: unit('bytes', 'bytes'),
  bits: unit('bits', 'bits'),
  KiB: unit('KiB', 'KiB'),
  MiB: unit('MiB', 'MiB'),
  GiB: unit('GiB', 'GiB'),
  kB: unit('kB', 'kB', 'kilobytes'),
  MB: unit('MB', 'MB', 'megabytes'),
  GB: unit('GB', 'GB', 'gigabytes'),
  ft: unit('feet', 'feet', 'ft'),
  inch: unit('inches', 'inches', 'in'),
  yd: unit('yards', 'yards'),
  C: unit('C', 'C', 'degrees C', 'Celsius'),
  F: unit('F', 'F', 'degrees F', 'Fahrenheit'),
} as const
type UnitName = keyof typeof units

/** Powers of ten: shifting digits, answered at once. */
const shifts: readonly (readonly [UnitName, UnitName, number])[] = [
  ['km', 'm', 3],
  ['m', 'cm', 2],
  ['cm', 'mm', 1],
  ['m', 'mm', 3],
  ['kg', 'g', 3],
  ['g', 'mg', 3],
  ['t', 'kg', 3],
  ['l', 'ml', 3],
  ['s', 'ms', 3],
  ['MB', 'kB', 3],
  ['GB', 'MB', 3],
  ['kB', 'bytes', 3],
]
/** Small factors: a table for small counts, a written product for larger ones. */
const factors: readonly (readonly [UnitName, UnitName, number])[] = [
  ['h', 'min', 60],
  ['min', 's', 60],
  ['d', 'h', 24],
  ['w', 'd', 7],
  ['y', 'mo', 12],
  ['bytes', 'bits', 8],
  ['ft', 'inch', 12],
  ['yd', 'ft', 3],
]
const binary: readonly (readonly [UnitName, UnitName])[] = [
  ['KiB', 'bytes'],
  ['MiB', 'KiB'],
  ['GiB', 'MiB'],
]

export interface Conversion {
  readonly from: Unit
  readonly to: Unit
  readonly input: string
  readonly output: string
  /** How the result comes about; needed only in thinking mode. */
  readonly thought: string
}

/** Moves the decimal point of a plain decimal number to the right. */
function shiftDecimal(text: string, places: number): string {
  const [whole, fraction = ''] = text.split('.') as [string, string?]
  const padded = fraction.padEnd(places, '0')
  const left = (whole + padded.slice(0, places)).replace(/^0+(?=\d)/, '')
  const right = padded.slice(places)
  return right ? `${left}.${right}` : left
}

function byShift(context: Context): Conversion {
  const { random } = context
  const [big, small, places] = random.pick(shifts)
  const count = random.int(1, 10 ** random.int(1, 2) * (random.chance(0.2) ? 9 : 1))
  const text = random.chance(0.35) ? `${count % 100}.${random.int(1, 9)}` : String(count)
  const factor = 10 ** places
  if (random.chance(0.62)) {
    const output = shiftDecimal(text, places)
    return {
      from: units[big],
      to: units[small],
      input: text,
      output,
      thought: `${one(units[big])} = ${factor} ${units[small].short}, so ${text} * ${factor} = ${output}`,
    }
  }
  // Back again: the input is the larger number.
  const input = shiftDecimal(text, places)
  return {
    from: units[small],
    to: units[big],
    input,
    output: text,
    thought: `${one(units[big])} = ${factor} ${units[small].short}, so ${input} / ${factor} = ${text}`,
  }
}

function byFactor(context: Context, thinking: boolean): Conversion {
  const { random } = context
  const [big, small, factor] = random.pick(factors)
  const relation = `${one(units[big])} = ${factor} ${units[small].short}`
  const count = thinking ? random.int(2, factor < 10 ? 99 : 9) : random.int(2, 12)
  const output = String(count * factor)
  if (!thinking && random.chance(0.3)) {
    return {
      from: units[small],
      to: units[big],
      input: output,
      output: String(count),
      thought: `${relation}, so ${output} / ${factor} = ${count}`,
    }
  }
  const [a, digit] = factor < 10 ? [count, factor] : [factor, count]
  return {
    from: units[big],
    to: units[small],
    input: String(count),
    output,
    thought: `${relation}. ${thinkMultiply(a, digit)}`,
  }
}

function byBinary(context: Context): Conversion {
  const { random } = context
  const [big, small] = random.pick(binary)
  const count = random.pick([1, 1, 2, 3, 4, 5, 6, 7, 8, 10, 16])
  const output = String(count * 1024)
  const relation = `${one(units[big])} = 1024 ${units[small].short}`
  if (random.chance(0.25))
    return {
      from: units[small],
      to: units[big],
      input: output,
      output: String(count),
      thought: `${relation}, so ${output} / 1024 = ${count}`,
    }
  return {
    from: units[big],
    to: units[small],
    input: String(count),
    output,
    thought: `${relation}, so ${count} * 1024 = ${output}`,
  }
}

function byTemperature(context: Context): Conversion {
  const celsius = context.random.int(-4, 20) * 5
  const fahrenheit = (celsius * 9) / 5 + 32
  if (context.random.chance(0.4)) {
    return {
      from: units.F,
      to: units.C,
      input: String(fahrenheit),
      output: String(celsius),
      thought: `${fahrenheit} - 32 = ${fahrenheit - 32}, times 5 / 9 = ${celsius}`,
    }
  }
  return {
    from: units.C,
    to: units.F,
    input: String(celsius),
    output: String(fahrenheit),
    thought: `${celsius} * 9 / 5 = ${fahrenheit - 32}, plus 32 = ${fahrenheit}`,
  }
}

function conversion(context: Context, thinking: boolean): Conversion {
  const roll = context.random.next()
  if (roll < 0.5) return byShift(context)
  if (roll < 0.8) return byFactor(context, thinking)
  if (roll < 0.9) return byBinary(context)
  return byTemperature(context)
}

const wordings = [
  'Convert {n} {a} to {b}.',
  'How many {b} are {n} {a}?',
  'What is {n} {a} in {b}?',
  '{n} {a} in {b}?',
  '{n} {a} to {b}',
  'How many {b} is {n} {a}?',
  'Turn {n} {a} into {b}.',
  'How much is {n} {a} in {b}?',
  'Express {n} {a} in {b}.',
  '{n} {a} = ? {b}',
  'Change {n} {a} to {b}.',
  'Give me {n} {a} in {b}.',
]

function question(context: Context, item: Conversion): string {
  const { random } = context
  return casual(context, random.pick(wordings))
    .replace('{n}', item.input)
    .replace('{a}', random.pick(item.from.names))
    .replace('{b}', random.pick(item.to.names))
}

const answer = (item: Conversion): string =>
  `${item.input} ${item.from.short} = ${item.output} ${item.to.short}`

export function unitTurn(context: Context): Message[] {
  const item = conversion(context, false)
  return [
    { role: 'user', content: question(context, item) },
    { role: 'assistant', content: answer(item) },
  ]
}

export function unitConversion(context: Context): Conversation[] {
  const { random, evaluation } = context
  const thinking = random.chance(0.4)
  if (!thinking && !evaluation && random.chance(0.75)) {
    const messages = maybeSystem(context, 0.08)
    for (let i = random.int(3, 6); i > 0; i--) messages.push(...unitTurn(context))
    return [{ thinking: false, messages, expect: { kind: 'mode' } }]
  }
  const item = conversion(context, thinking)
  const content = answer(item)
  const messages: Message[] = [
    ...maybeSystem(context, 0.08),
    { role: 'user', content: question(context, item) },
    thinking ? { role: 'assistant', content, thought: item.thought } : { role: 'assistant', content },
  ]
  return [{ thinking, messages, expect: { kind: 'number', number: item.output } }]
}
