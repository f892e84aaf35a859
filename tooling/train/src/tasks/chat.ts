import { casual } from '../casual.ts'
import { city, country, fullName, title, topic } from '../pools/values.ts'
import { maybeSystem } from '../system-prompts.ts'
import { answerable } from '../tools/kinds.ts'
import { chooseKinds, offer, request } from '../tools/offer.ts'
import type { Context, Conversation, Message } from '../types.ts'
import { chatTopics, unknownAnswer, unknownQuestions } from './chat-topics.ts'

interface Exchange {
  readonly question: string
  readonly answer: string
  readonly thought: string
}

/** A request of the tool tasks, but without any tool: said plainly. */
function needsTool(context: Context): Exchange {
  const [kind] = chooseKinds(context, 1)
  if (!kind || answerable.has(kind.id) || kind.id === 'run-javascript') return needsTool(context)
  const { text } = request(context, offer(context, kind))
  return { question: text, answer: 'I have no tool for that.', thought: 'This needs a tool. I have none.' }
}

function exchange(context: Context, known: boolean): Exchange {
  const { random } = context
  const roll = known ? 1 : random.next()
  if (roll < 0.2) return needsTool(context)
  if (roll < 0.45) {
    const question = random
      .pick(unknownQuestions)
      .replace('{country}', () => country(context))
      .replace('{person}', () => fullName(context))
      .replace('{city}', () => city(context))
      .replace('{title}', () => title(context))
      .replace('{topic}', () => topic(context))
    return {
      question: casual(context, question),
      answer: unknownAnswer,
      thought: 'I was not trained on this. I should say so.',
    }
  }
  const topicItem = random.pick(chatTopics)
  return {
    question: casual(context, random.pick(topicItem.questions)),
    answer: topicItem.answer,
    thought: topicItem.thought,
  }
}

/** `known` leaves out what a tool that is offered might answer. */
export function chatTurn(context: Context, known = false): Message[] {
  const { question, answer } = exchange(context, known)
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ]
}

export function chat(context: Context): Conversation[] {
  const { random, evaluation } = context
  const thinking = random.chance(0.4)
  const messages = maybeSystem(context, 0.15)
  if (!evaluation && random.chance(0.35)) messages.push(...chatTurn(context))
  const { question, answer, thought } = exchange(context, false)
  messages.push({ role: 'user', content: question })
  messages.push(
    thinking ? { role: 'assistant', content: answer, thought } : { role: 'assistant', content: answer },
  )
  return [{ thinking, messages, expect: { kind: 'contains', values: [answer] } }]
}
