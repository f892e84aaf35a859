import { thinkAdd, thinkMultiply, thinkSubtract } from '../columns.ts'
import { firstName } from '../pools/values.ts'
import { maybeSystem } from '../system-prompts.ts'
import type { Context, Conversation } from '../types.ts'
import { type Step, wordTemplates } from './word-templates.ts'

const SYMBOL: Readonly<Record<Step['operator'], string>> = { add: '+', subtract: '-', multiply: '*' }

function apply(step: Step['operator'], x: number, y: number): { result: number; thought: string } {
  if (step === 'add') return { result: x + y, thought: thinkAdd(x, y) }
  if (step === 'subtract') return { result: x - y, thought: thinkSubtract(x, y) }
  // The columns need the longer number first and a digit second.
  const [a, b] = y > 9 ? [y, x] : [x, y]
  return { result: x * y, thought: thinkMultiply(a, b) }
}

/** Two steps: a plan in symbols, then each step in columns. */
export function wordProblem(context: Context): Conversation[] {
  const { random, pools } = context
  for (;;) {
    const template = random.pick(wordTemplates)
    const numbers = template.numbers.map(([low, high]) => random.int(low, high))
    const value = (ref: string, first: number): number =>
      ref === 'r' ? first : (numbers[Number(ref)] as number)
    const [one, two] = template.steps
    const [p, q] = [value(one.left, 0), value(one.right, 0)]
    const first = apply(one.operator, p, q)
    const [s, t] = [value(two.left, first.result), value(two.right, first.result)]
    const second = apply(two.operator, s, t)
    if (first.result < 0 || second.result < 0) continue
    if ((two.operator === 'multiply' && s > 9 && t > 9) || (one.operator === 'multiply' && p > 9 && q > 9))
      continue
    const [name, other] = [firstName(context), firstName(context)]
    if (name === other) continue
    const thing = random.pick(pools.plurals)
    const text = random
      .pick(template.wordings)
      .replace(/\{(\d)\}/g, (_, index: string) => String(numbers[Number(index)]))
      .replaceAll('{name}', name)
      .replaceAll('{other}', other)
      .replaceAll('{thing}', thing)
    const unit = template.unit.replace('{thing}', thing)
    const thought = `Plan: ${p} ${SYMBOL[one.operator]} ${q}, then ${planned(two, numbers)}. ${first.thought}. ${second.thought}`
    return [
      {
        thinking: true,
        messages: [
          ...maybeSystem(context, 0.1),
          { role: 'user', content: text },
          { role: 'assistant', content: `The answer is ${second.result} ${unit}.`, thought },
        ],
        expect: { kind: 'number', number: String(second.result) },
      },
    ]
  }
}

/** The second step names the first result "it", since its value is not known yet. */
function planned(step: Step, numbers: readonly number[]): string {
  const show = (ref: string): string => (ref === 'r' ? 'it' : String(numbers[Number(ref)]))
  return `${show(step.left)} ${SYMBOL[step.operator]} ${show(step.right)}`
}
