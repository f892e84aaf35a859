import type { AgentEvent } from '@octoscale/agent-tools'
import { expect, test } from 'vitest'
import { createPrinter, printable, quantity } from './terminal.ts'

function shown(events: readonly AgentEvent[]): string {
  let text = ''
  const print = createPrinter({ write: (piece) => (text += piece) })
  for (const event of events) print(event)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are control sequences.
  return text.replace(/\u001b\[\d+m/g, '')
}

test('thinking stands apart from text, and calls and their results on lines of their own', () => {
  const call = { id: 'a', name: 'say', arguments: '{"n": 2}' }
  const text = shown([
    { type: 'step', step: 1 },
    { type: 'thinking', step: 1, text: '1+1=2. ' },
    { type: 'thinking', step: 1, text: 'So 2' },
    { type: 'text', step: 1, text: 'It is ' },
    { type: 'text', step: 1, text: '2.' },
    { type: 'tool-call', step: 1, call },
    { type: 'tool-result', step: 1, result: { call, content: 'said', isError: false, milliseconds: 1 } },
    { type: 'tool-result', step: 1, result: { call, content: 'no', isError: true, milliseconds: 1 } },
  ])
  expect(text).toBe('thinking: 1+1=2. So 2\nIt is 2.\ncalls say {"n": 2}\nsay gives said\nsay fails: no\n')
})

test('an answer that was cut says why', () => {
  const usage = { promptTokens: 1, completionTokens: 1 }
  const result = { reason: 'steps', content: '', messages: [], steps: 8, usage } as const
  expect(shown([{ type: 'finish', result }])).toBe('(cut: too many rounds of tool calls)\n')
})

test('what models and tools say cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u0007\u009bc\r\n\td')).toBe('a[2Jbc\n\td')
  expect(shown([{ type: 'text', step: 1, text: '\u001b]0;title\u0007x' }])).toBe(']0;titlex')
})

test('quantities', () => {
  expect([512, 9999, 12_345, 9_100_000, 6.7e11].map(quantity)).toEqual([
    '512',
    '9999',
    '12.3 k',
    '9.1 M',
    '670.0 G',
  ])
})
