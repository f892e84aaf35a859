/** What the buttons do, with scripted models. */
import { type AgentModel, type ScriptedStep, scriptedModel } from '@octoscale/agent-tools'
import { expect, test, vi } from 'vitest'
import { type ChatSession, createChatSession } from './session.ts'

function sessionOf(model: AgentModel): ChatSession {
  return createChatSession([], () => ({ name: 'm', model, tools: async () => [], systemPrompt: '' }))
}

const idle = (session: ChatSession): Promise<unknown> => vi.waitUntil(() => !session.state.get().busy)

const texts = (session: ChatSession): string[] =>
  session.state
    .get()
    .entries.map((entry) =>
      entry.role === 'user' ? entry.text : entry.steps.map((step) => step.text).join(),
    )

async function talked(steps: readonly ScriptedStep[], questions: readonly string[]) {
  const model = scriptedModel(steps)
  const session = sessionOf(model)
  for (const question of questions) {
    session.send(question)
    await idle(session)
  }
  return { session, model }
}

test('each question sees the conversation before it', async () => {
  const { session, model } = await talked(['one', 'two'], ['a', 'b'])
  expect(texts(session)).toEqual(['a', 'one', 'b', 'two'])
  expect(model.requests[1]?.messages.map((message) => message.content)).toEqual(['a', 'one', 'b'])
})

test('regenerate drops the answer and what follows', async () => {
  const { session } = await talked(['one', 'two', 'three'], ['a', 'b'])
  session.regenerate(session.state.get().entries[1]?.id ?? '')
  await idle(session)
  expect(texts(session)).toEqual(['a', 'three'])
})

test('edit replaces the question and what follows', async () => {
  const { session } = await talked(['one', 'two', 'three'], ['a', 'b'])
  session.edit(session.state.get().entries[0]?.id ?? '', 'c')
  await idle(session)
  expect(texts(session)).toEqual(['c', 'three'])
})

/** Answers with one text, then waits for the abort. */
async function* hanging({ signal }: Parameters<AgentModel>[0]): ReturnType<AgentModel> {
  yield { type: 'text-delta', text: 'begun' }
  await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
}

test('stop ends the answer; meanwhile nothing else can be asked', async () => {
  const session = sessionOf(hanging)
  session.send('a')
  await vi.waitUntil(() => texts(session)[1] === 'begun')
  session.send('b')
  expect(texts(session)).toEqual(['a', 'begun'])
  session.stop()
  await idle(session)
  expect(session.state.get().entries.at(-1)).toMatchObject({ status: 'stopped' })
})

test('clear ends the answer, and nothing of it comes into the new conversation; undo brings it back', async () => {
  const session = sessionOf(hanging)
  session.send('a')
  await vi.waitUntil(() => texts(session)[1] === 'begun')
  session.clear()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(session.state.get()).toMatchObject({ entries: [], busy: false })
  session.undoClear()
  expect(texts(session)).toEqual(['a', 'begun'])
  expect(session.state.get().entries.at(-1)).toMatchObject({ status: 'stopped' })
})
