import type { Offered } from '../tools/offer.ts'
import type { Context, Message } from '../types.ts'
import { arithmeticTurn } from './arithmetic.ts'
import { chatTurn } from './chat.ts'
import { factTurn } from './facts.ts'
import { unitTurn } from './units.ts'

const computing = new Set(['calculator', 'run-javascript'])
const converting = new Set(['convert-units', 'convert-format', 'temperature', 'exchange'])

/** A question to answer without a call although tools are there. */
export function directQuestion(context: Context, offered: readonly Offered[]): Message[] {
  const { random } = context
  const has = (set: ReadonlySet<string>): boolean => offered.some((item) => set.has(item.kind.id))
  const roll = random.next()
  if (roll < 0.3 && !has(computing)) return arithmeticTurn(context)
  if (roll < 0.4 && !has(converting) && !has(computing)) return unitTurn(context)
  if (roll < 0.7) return factTurn(context)
  return chatTurn(context, true)
}
