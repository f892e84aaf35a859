import { casual } from '../casual.ts'
import { type Fact, facts, word } from '../facts/facts.ts'
import { maybeSystem } from '../system-prompts.ts'
import type { Context, Conversation, Message } from '../types.ts'

function question(context: Context, fact: Fact, wordings: readonly string[]): string {
  return casual(context, word(context.random.pick(wordings), context.random.pick(fact.subjects)))
}

export function factTurn(context: Context): Message[] {
  const fact = context.random.pick(facts)
  return [
    { role: 'user', content: question(context, fact, fact.seen) },
    { role: 'assistant', content: fact.answer },
  ]
}

/** The thought names the subject before the answer; short, since there is nothing to work out. */
function factThought(fact: Fact): string {
  return `A fact to recall. ${fact.answer}`
}

function single(context: Context, wordings: 'seen' | 'heldOut', thinking: boolean): Conversation {
  const fact = context.random.pick(facts)
  const user: Message = { role: 'user', content: question(context, fact, fact[wordings]) }
  const answer: Message = thinking
    ? { role: 'assistant', content: fact.answer, thought: factThought(fact) }
    : { role: 'assistant', content: fact.answer }
  return {
    thinking,
    messages: [...maybeSystem(context, 0.1), user, answer],
    expect: { kind: 'contains', values: [fact.key] },
  }
}

export function numberFacts(context: Context): Conversation[] {
  const { random, evaluation } = context
  const thinking = random.chance(0.25)
  if (evaluation || thinking || random.chance(0.15)) return [single(context, 'seen', thinking)]
  const messages = maybeSystem(context, 0.08)
  for (let i = random.int(3, 5); i > 0; i--) messages.push(...factTurn(context))
  return [{ thinking: false, messages, expect: { kind: 'mode' } }]
}

export function heldOutFacts(context: Context): Conversation[] {
  return [single(context, 'heldOut', context.random.chance(0.25))]
}
