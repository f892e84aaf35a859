/** What is read back is what was written, or nothing. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openStorage, type TextStorage } from '../storage.ts'
import type { AssistantEntry, Entry } from './conversation.ts'
import { readConversation, readSettings, writeConversation, writeSettings } from './saved.ts'
import { defaultSettings, type Settings } from './settings.ts'

/** The stand-in: what it keeps is what a browser would. */
const storage = (): TextStorage =>
  openStorage(() => {
    throw new DOMException('no', 'SecurityError')
  })

const milliseconds = fc.double({ min: 0, max: 1e9, noNaN: true }).map((value) => value + 0)
const call = fc.record(
  {
    id: fc.string(),
    name: fc.string(),
    arguments: fc.json(),
    status: fc.constantFrom('done', 'failed', 'denied'),
    asked: fc.json(),
    result: fc.string(),
    milliseconds,
  },
  { requiredKeys: ['id', 'name', 'arguments', 'status'] },
)
const step = fc.record(
  {
    thinking: fc.string(),
    text: fc.string(),
    calls: fc.array(call, { maxLength: 2 }),
    thinkingMilliseconds: milliseconds,
  },
  { requiredKeys: ['thinking', 'text', 'calls'] },
)
const entry = fc.oneof(
  fc.record({ role: fc.constant('user'), id: fc.string(), text: fc.string({ unit: 'binary' }) }),
  fc.record(
    {
      role: fc.constant('assistant'),
      id: fc.string(),
      model: fc.string(),
      status: fc.constantFrom('done', 'stopped', 'length', 'steps', 'failed'),
      steps: fc.array(step, { maxLength: 3 }),
      error: fc.record({ name: fc.string(), message: fc.string() }),
    },
    { requiredKeys: ['role', 'id', 'model', 'status', 'steps'] },
  ),
) as fc.Arbitrary<Entry>

test('conversations come back as they were', () => {
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 4 }), (entries) => {
      const store = storage()
      expect(writeConversation(store, entries)).toBe(true)
      expect(readConversation(store)).toEqual(JSON.parse(JSON.stringify(entries)))
    }),
  )
})

test('a turn that the reload cut off is one that was stopped, and its calls are over', () => {
  const store = storage()
  const cut: AssistantEntry = {
    role: 'assistant',
    id: 'a',
    model: 'm',
    status: 'streaming',
    steps: [
      { thinking: '', text: 'so', calls: [{ id: 'c', name: 'n', arguments: '{}', status: 'waiting' }] },
    ],
  }
  writeConversation(store, [cut])
  expect(readConversation(store)).toMatchObject([
    { status: 'stopped', steps: [{ calls: [{ status: 'failed' }] }] },
  ])
})

test('anything else that may lie there is as nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const store = storage()
      store.setItem('octoscale.conversation', text)
      store.setItem('octoscale.settings', text)
      expect(readConversation(store)).toEqual([])
      expect(readSettings(store)).toEqual(defaultSettings)
    }),
  )
  const store = storage()
  const wrong = { role: 'assistant', id: 'a', model: 'm', status: 'done', steps: [{ text: 1 }] }
  store.setItem('octoscale.conversation', JSON.stringify({ version: 1, entries: [wrong] }))
  expect(readConversation(store)).toEqual([])
})

test('settings come back; numbers out of range make them the default', () => {
  const store = storage()
  const settings: Settings = {
    ...defaultSettings,
    thinking: true,
    temperature: 0.7,
    seed: 3,
    model: { where: 'server', id: 'big' },
  }
  writeSettings(store, settings)
  expect(readSettings(store)).toEqual(settings)
  writeSettings(store, { ...settings, temperature: -1 })
  expect(readSettings(store)).toEqual(defaultSettings)
})

test('where even asking for the storage throws, there is one for the time of the page', () => {
  const stand = storage()
  expect(writeConversation(stand, [{ role: 'user', id: 'a', text: 'hi' }])).toBe(true)
  expect(readConversation(stand)).toEqual([{ role: 'user', id: 'a', text: 'hi' }])
  const real = storage()
  expect(openStorage(() => real)).toBe(real)
})

test('a browser that keeps nothing says so', () => {
  const refuses: TextStorage = {
    getItem: () => {
      throw new DOMException('no', 'SecurityError')
    },
    setItem: () => {
      throw new DOMException('full', 'QuotaExceededError')
    },
  }
  expect(writeConversation(refuses, [])).toBe(false)
  expect(readConversation(refuses)).toEqual([])
})
