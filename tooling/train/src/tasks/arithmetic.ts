import { casual } from '../casual.ts'
import { hashText } from '../random.ts'
import { maybeSystem } from '../system-prompts.ts'
import type { Context, Conversation, Message } from '../types.ts'

export interface Sum {
  readonly a: number
  readonly b: number
  readonly operator: '+' | '-' | '*'
  readonly result: number
}

export const compute = (a: number, operator: Sum['operator'], b: number): number =>
  operator === '+' ? a + b : operator === '-' ? a - b : a * b

/** A fixed part of all two-digit tasks is never trained on. */
function isHeldOutSum(a: number, operator: string, b: number): boolean {
  return a > 9 && b > 9 && operator !== '*' && hashText(`${a}${operator}${b}`) % 25 === 0
}

/** One- and two-digit tasks to answer at once. */
function smallSum(context: Context): Sum {
  const { random, evaluation } = context
  for (;;) {
    const roll = random.next()
    const operator = roll < 0.45 ? '+' : roll < 0.85 ? '-' : '*'
    const number = (): number =>
      operator === '*' ? random.int(0, 12) : random.chance(0.22) ? random.int(0, 9) : random.int(10, 99)
    let [a, b] = [number(), number()]
    if (operator === '-' && a < b && random.chance(0.8)) [a, b] = [b, a]
    const twoDigit = a > 9 && b > 9 && operator !== '*'
    if (twoDigit && isHeldOutSum(a, operator, b) !== evaluation) continue
    return { a, b, operator, result: compute(a, operator, b) }
  }
}

const wordings: Readonly<Record<Sum['operator'], readonly string[]>> = {
  '+': [
    'What is {a} plus {b}?',
    '{a} plus {b}',
    'Add {a} and {b}.',
    'What is the sum of {a} and {b}?',
    'Add {a} to {b}.',
  ],
  '-': [
    'What is {a} minus {b}?',
    '{a} minus {b}',
    'Subtract {b} from {a}.',
    'Take {b} away from {a}.',
    'What is the difference {a} minus {b}?',
  ],
  '*': [
    'What is {a} times {b}?',
    '{a} times {b}',
    'Multiply {a} by {b}.',
    '{a} x {b}',
    'What is the product of {a} and {b}?',
  ],
}
const symbolic = [
  'What is {e}?',
  '{e}',
  '{e} = ?',
  '{e}=?',
  'Compute {e}.',
  'Calculate {e}',
  'How much is {e}?',
  'Work out {e}.',
  '{e} =',
  'Solve {e}.',
  'Tell me {e}.',
  'What does {e} equal?',
  'What is {e} equal to?',
]

function sumText(sum: { a: number; b: number; operator: string }): string {
  return `${sum.a} ${sum.operator} ${sum.b}`
}

export function askSum(context: Context, sum: { a: number; b: number; operator: Sum['operator'] }): string {
  const { random } = context
  if (random.chance(0.62)) {
    const plain = sumText(sum)
    const expression = random.chance(0.35) ? plain.replaceAll(' ', '') : plain
    return casual(context, random.pick(symbolic)).replace('{e}', expression)
  }
  return casual(context, random.pick(wordings[sum.operator]))
    .replace('{a}', String(sum.a))
    .replace('{b}', String(sum.b))
}

/** The task is restated before the result, so that the result always follows the same form. */
export function sumAnswer(sum: Sum): string {
  return `${sumText(sum)} = ${sum.result}`
}

export function arithmeticTurn(context: Context): Message[] {
  const sum = smallSum(context)
  return [
    { role: 'user', content: askSum(context, sum) },
    { role: 'assistant', content: sumAnswer(sum) },
  ]
}

function listTurn(context: Context): Message[] {
  const sums = Array.from({ length: context.random.int(3, 8) }, () => smallSum(context))
  const lead = context.random.pick(['Compute: ', 'Calculate these: ', 'What are ', '', 'Work out: '])
  return [
    { role: 'user', content: lead + sums.map(sumText).join('; ') },
    { role: 'assistant', content: sums.map(sumAnswer).join('; ') },
  ]
}

export function arithmeticDirect(context: Context): Conversation[] {
  const { random, evaluation } = context
  if (evaluation) {
    const sum = smallSum(context)
    const messages: Message[] = [
      { role: 'user', content: askSum(context, sum) },
      { role: 'assistant', content: sumAnswer(sum) },
    ]
    return [{ thinking: false, messages, expect: { kind: 'number', number: String(sum.result) } }]
  }
  const messages: Message[] = maybeSystem(context, 0.08)
  const turns = random.chance(0.2) ? 1 : random.int(5, 8)
  for (let i = 0; i < turns; i++)
    messages.push(...(random.chance(0.3) ? listTurn(context) : arithmeticTurn(context)))
  return [{ thinking: false, messages, expect: { kind: 'mode' } }]
}
