import { thinkAdd, thinkMultiply, thinkSubtract } from '../columns.ts'
import { hashText } from '../random.ts'
import { maybeSystem } from '../system-prompts.ts'
import type { Context, Conversation } from '../types.ts'
import { askSum, compute, type Sum, sumAnswer } from './arithmetic.ts'

const digits = (context: Context, count: number): number =>
  context.random.int(count === 1 ? 0 : 10 ** (count - 1), 10 ** count - 1)

/** One in twenty tasks of five digits or more together is kept for evaluation. */
function heldOut(a: number, operator: string, b: number): boolean {
  return String(a).length + String(b).length >= 5 && hashText(`think ${a}${operator}${b}`) % 20 === 0
}

function conversation(context: Context, sum: Sum, thought: string): Conversation {
  return {
    thinking: true,
    messages: [
      ...maybeSystem(context, 0.12),
      { role: 'user', content: askSum(context, sum) },
      { role: 'assistant', content: sumAnswer(sum), thought },
    ],
    expect: { kind: 'number', number: String(sum.result) },
  }
}

export function addSubThinking(context: Context): Conversation[] {
  const { random, evaluation } = context
  for (;;) {
    const longer = random.pick([2, 3, 3, 4, 4, 4, 1])
    let a = digits(context, longer)
    let b = random.chance(0.55) ? digits(context, longer) : digits(context, random.int(1, longer))
    if (random.chance(0.4)) [a, b] = [b, a]
    const operator = random.chance(0.5) ? '+' : '-'
    if (operator === '-' && a < b && random.chance(0.6)) [a, b] = [b, a]
    const long = String(a).length + String(b).length >= 5
    if (long && heldOut(a, operator, b) !== evaluation) continue
    const sum: Sum = { a, b, operator, result: compute(a, operator, b) }
    return [conversation(context, sum, operator === '+' ? thinkAdd(a, b) : thinkSubtract(a, b))]
  }
}

export function productThinking(context: Context): Conversation[] {
  const { random, evaluation } = context
  for (;;) {
    const a = digits(context, evaluation ? 2 : random.pick([1, 2, 2, 2, 2, 3, 3, 3]))
    const b = random.int(evaluation ? 2 : 0, 9)
    if (a > 9 && (hashText(`product ${a}*${b}`) % 15 === 0) !== evaluation) continue
    // The digit may be written first; the thought always takes the long number first.
    const swapped = random.chance(0.3) && a > 9
    const sum: Sum = swapped
      ? { a: b, b: a, operator: '*', result: a * b }
      : { a, b, operator: '*', result: a * b }
    return [conversation(context, sum, thinkMultiply(a, b))]
  }
}
