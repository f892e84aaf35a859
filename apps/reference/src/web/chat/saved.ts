/** Conversation and settings between visits, in localStorage. What is read was written by who knows what: it is checked. */
import { z } from 'zod/mini'
import type { TextStorage } from '../storage.ts'
import { asStopped, type Entry } from './conversation.ts'
import { defaultSettings, type Settings, samplingFields } from './settings.ts'

// Compiled validators need `eval`, which the page's policy forbids.
z.config({ jitless: true })

/** Raise it with every change of what is saved, and convert what older versions wrote. */
const version = 1
const conversationKey = 'octoscale.conversation'
const settingsKey = 'octoscale.settings'

const text = z.string()
const count = z.number().check(z.nonnegative())
const call = z.object({
  id: text,
  name: text,
  arguments: text,
  status: z.enum(['waiting', 'running', 'done', 'failed', 'denied']),
  asked: z.exactOptional(text),
  result: z.exactOptional(text),
  milliseconds: z.exactOptional(count),
})
const step = z.object({
  thinking: text,
  thinkingMilliseconds: z.exactOptional(count),
  text,
  calls: z.array(call),
})
const assistant = z.object({
  role: z.literal('assistant'),
  id: text,
  model: text,
  status: z.enum(['streaming', 'done', 'stopped', 'length', 'steps', 'failed']),
  steps: z.array(step),
  error: z.exactOptional(z.object({ name: text, message: text })),
  figures: z.exactOptional(
    z.object({
      promptTokens: count,
      lastCompletionTokens: count,
      completionTokens: count,
      firstTokenMilliseconds: count,
      tokensPerSecond: z.exactOptional(count),
    }),
  ),
})
const user = z.object({ role: z.literal('user'), id: text, text })
const savedConversation = z.object({
  version: z.literal(version),
  entries: z.array(z.discriminatedUnion('role', [user, assistant])),
})

const sampling = Object.fromEntries(
  samplingFields.map(({ key, minimum, maximum }) => [
    key,
    z.exactOptional(z.number().check(z.minimum(minimum), z.maximum(maximum))),
  ]),
)
const savedSettings = z.object({
  version: z.literal(version),
  settings: z.object({
    thinking: z.boolean(),
    tools: z.boolean(),
    systemPrompt: text,
    backend: text,
    model: z.exactOptional(
      z.discriminatedUnion('where', [
        z.object({ where: z.literal('tab') }),
        z.object({ where: z.literal('server'), id: text }),
      ]),
    ),
    ...sampling,
  }),
})

/** The saved conversation; empty when there is none or it is not readable. Turns cut by the reload count as stopped. */
export function readConversation(storage: TextStorage): readonly Entry[] {
  const saved = read(storage, conversationKey, savedConversation)
  return (saved?.entries ?? []).map(asStopped)
}

/** False when there is no room, or the browser keeps nothing for this page. */
export function writeConversation(storage: TextStorage, entries: readonly Entry[]): boolean {
  return write(storage, conversationKey, { version, entries })
}

export function readSettings(storage: TextStorage): Settings {
  const saved = read(storage, settingsKey, savedSettings)
  return { ...defaultSettings, ...saved?.settings }
}

export function writeSettings(storage: TextStorage, settings: Settings): boolean {
  return write(storage, settingsKey, { version, settings })
}

function read<T>(storage: TextStorage, key: string, schema: z.ZodMiniType<T>): T | undefined {
  try {
    return schema.safeParse(JSON.parse(storage.getItem(key) ?? 'null')).data
  } catch {
    // Not JSON, or a browser that refuses the storage: as if nothing had been saved.
    return undefined
  }
}

function write(storage: TextStorage, key: string, value: object): boolean {
  try {
    storage.setItem(key, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}
