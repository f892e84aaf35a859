import type { ChatEvent } from 'octoscale'
import { expect, test } from 'vitest'
import { createPrinter, printable, quantity } from './terminal.ts'

function shown(events: readonly ChatEvent[]): string {
  let text = ''
  const print = createPrinter({ write: (piece) => (text += piece) })
  for (const event of events) print(event)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: styles are control sequences.
  return text.replace(/\u001b\[\d+m/g, '')
}

test('thinking stands apart from text, and calls on lines of their own', () => {
  const text = shown([
    { type: 'thinking-delta', text: '1+1=2. ' },
    { type: 'thinking-delta', text: 'So 2' },
    { type: 'text-delta', text: 'It is ' },
    { type: 'text-delta', text: '2.' },
    { type: 'tool-call', index: 0, id: 'a', name: 'say', arguments: '{"n": 2}' },
  ])
  expect(text).toBe('thinking: 1+1=2. So 2\nIt is 2.\ncalls say {"n": 2}\n')
})

test('model text cannot steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u0007\u009bc\r\n\td')).toBe('a[2Jbc\n\td')
  expect(shown([{ type: 'text-delta', text: '\u001b]0;title\u0007x' }])).toBe(']0;titlex')
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
