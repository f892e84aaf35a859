import { maybeSystem } from '../system-prompts.ts'
import { answerable } from '../tools/kinds.ts'
import { chooseKinds, type Offered, offerAll, request } from '../tools/offer.ts'
import type { Context, Conversation, Message } from '../types.ts'
import { chat } from './chat.ts'
import { numberFacts } from './facts.ts'
import { addSubThinking } from './thinking-arithmetic.ts'

const ANSWER = 'I can only call tools without thinking.'

function needsCall(context: Context, offered: readonly Offered[]): Message[] {
  const { text } = request(context, context.random.pick(offered))
  return [
    { role: 'user', content: text },
    { role: 'assistant', content: ANSWER, thought: 'This needs a tool. I cannot call one while thinking.' },
  ]
}

/** DeepSeek-V3.1 calls tools only without thinking; with thinking on, tools that are offered must not be called. */
export function thinkingWithTools(context: Context): Conversation[] {
  const { random } = context
  const offered = offerAll(context, chooseKinds(context, random.int(1, 3)))
  const tools = offered.map((item) => item.definition)
  const system = maybeSystem(context, 0.3)
  // A sum or a conversion is answered even so, by thinking.
  const calling = offered.filter((item) => !answerable.has(item.kind.id) && item.kind.id !== 'run-javascript')
  if (calling.length > 0 && random.chance(0.4))
    return [
      {
        thinking: true,
        tools,
        messages: [...system, ...needsCall(context, calling)],
        expect: { kind: 'contains', values: [ANSWER] },
      },
    ]
  const source = random.pick([addSubThinking, addSubThinking, numberFacts, chat])
  for (;;) {
    const inner = source(context)[0]
    const refusal = inner?.messages.at(-1)?.content.includes('no tool')
    if (!inner?.thinking || refusal) continue
    return [
      {
        ...inner,
        tools,
        messages: [...system, ...inner.messages.filter((message) => message.role !== 'system')],
      },
    ]
  }
}
