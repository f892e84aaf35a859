import { date, fullName } from './pools/values.ts'
import type { Context, Message } from './types.ts'

const prompts = [
  'You are a helpful assistant.',
  'You are a helpful assistant',
  'You are Octo, a small assistant.',
  'Answer briefly.',
  'You are a friendly assistant. Be brief.',
  'Use a tool when one fits.',
  'You are an agent. Use the tools.',
  'Answer in one sentence.',
  'You are a small model with tools.',
  'You help with files and numbers.',
  'Be polite and short.',
  'You are Octo.',
  'You answer questions about number formats.',
  'Do not guess. Use the tools if you can.',
  'You are a careful assistant.',
  'Keep your answers short.',
  'If no tool fits, say so.',
  'You are an AI assistant that can call tools.',
]

export function maybeSystem(context: Context, probability: number): Message[] {
  const { random } = context
  if (!random.chance(probability)) return []
  const prompt = random.chance(0.25)
    ? `${random.pick(prompts)} ${random.pick(prompts)}`
    : random.pick(prompts)
  const content = random.chance(0.12)
    ? `${prompt} Today is ${date(context)}.`
    : random.chance(0.1)
      ? `${prompt} The user is ${fullName(context)}.`
      : prompt
  return [{ role: 'system', content }]
}
