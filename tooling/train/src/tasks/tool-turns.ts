import { maybeSystem } from '../system-prompts.ts'
import type { Kind } from '../tools/kind.ts'
import { answerable } from '../tools/kinds.ts'
import { chooseKinds, type Offered, offerAll, type Request, request } from '../tools/offer.ts'
import { toolResult } from '../tools/result.ts'
import { twoRequests } from '../tools/two-requests.ts'
import type { Context, Conversation, Expectation, Message } from '../types.ts'
import { directQuestion } from './direct-question.ts'

function refusal(context: Context): string {
  const roll = context.random.next()
  if (roll < 0.7) return 'I have no tool for that.'
  return roll < 0.85 ? 'None of my tools can do that.' : 'Sorry, I cannot do that with my tools.'
}

function callMessage(requests: readonly Request[]): Message {
  return { role: 'assistant', content: '', calls: requests.map((item) => item.call) }
}

/** The user asks, the tools are called, their outputs come back and the assistant passes them on. */
function callTurn(
  context: Context,
  text: string,
  requests: readonly Request[],
): { messages: Message[]; values: string[] } {
  const results = requests.map((item) => toolResult(context, item))
  return {
    messages: [
      { role: 'user', content: text },
      callMessage(requests),
      ...results.map((result): Message => ({ role: 'tool', content: result.content })),
      { role: 'assistant', content: results.map((result) => result.answer).join('\n') },
    ],
    values: results.map((result) => result.value),
  }
}

function unfittingRequest(context: Context, offered: readonly Offered[]): Request {
  const present = offered.map((item) => item.kind)
  for (;;) {
    const kind = chooseKinds(context, 1, present)[0] as Kind
    if (!kind || answerable.has(kind.id)) continue
    return request(context, offerAll(context, [kind])[0] as Offered)
  }
}

function setUp(context: Context, low = 2, high = 5): { system: Message[]; offered: Offered[] } {
  const count = context.random.int(low, high)
  return { system: maybeSystem(context, 0.4), offered: offerAll(context, chooseKinds(context, count)) }
}

const done = (
  system: readonly Message[],
  offered: readonly Offered[],
  messages: readonly Message[],
  expect: Expectation,
): Conversation => ({
  thinking: false,
  tools: offered.map((item) => item.definition),
  messages: [...system, ...messages],
  expect,
})

export function toolCall(context: Context): Conversation[] {
  const { system, offered } = setUp(context)
  const item = request(context, context.random.pick(offered))
  const expect: Expectation = { kind: 'calls', calls: [item.call] }
  return [done(system, offered, [{ role: 'user', content: item.text }, callMessage([item])], expect)]
}

export function twoCalls(context: Context): Conversation[] {
  const { system, offered } = setUp(context)
  const { text, requests } = twoRequests(context, offered)
  const expect: Expectation = { kind: 'calls', calls: requests.map((item) => item.call) }
  return [done(system, offered, [{ role: 'user', content: text }, callMessage(requests)], expect)]
}

export function toolOutput(context: Context): Conversation[] {
  const { system, offered } = setUp(context, 1, 3)
  const item = request(context, context.random.pick(offered))
  const { messages, values } = callTurn(context, item.text, [item])
  return [done(system, offered, messages, { kind: 'contains', values })]
}

/** A refusal and, in training, the same question with the fitting tool among the others. */
export function noTool(context: Context): Conversation[] {
  const { system, offered } = setUp(context, 1, 4)
  const direct = context.random.chance(context.evaluation ? 0.25 : 0.2)
  if (direct) {
    const turn = directQuestion(context, offered)
    return [done(system, offered, turn, { kind: 'no-call' })]
  }
  const item = unfittingRequest(context, offered)
  const user: Message = { role: 'user', content: item.text }
  const refused = done(system, offered, [user, { role: 'assistant', content: refusal(context) }], {
    kind: 'no-call',
  })
  if (context.evaluation || context.random.chance(0.5)) return [refused]
  const withTool = context.random.shuffle([...offered, item.offered])
  return [refused, done(system, withTool, [user, callMessage([item])], { kind: 'calls', calls: [item.call] })]
}

/** Several turns under one tool block, which is the longest part of every such document. */
export function toolDialog(context: Context): Conversation[] {
  const { random } = context
  const { system, offered } = setUp(context)
  const messages: Message[] = []
  const turns = random.int(2, 5)
  for (let i = 0; i < turns; i++) {
    const roll = random.next()
    if (roll < 0.42) {
      const item = request(context, random.pick(offered))
      messages.push(...callTurn(context, item.text, [item]).messages)
    } else if (roll < 0.64) {
      const { text, requests } = twoRequests(context, offered)
      messages.push(...callTurn(context, text, requests).messages)
    } else if (roll < 0.86) {
      const item = unfittingRequest(context, offered)
      messages.push({ role: 'user', content: item.text }, { role: 'assistant', content: refusal(context) })
    } else {
      messages.push(...directQuestion(context, offered))
    }
  }
  return [done(system, offered, messages, { kind: 'mode' })]
}
