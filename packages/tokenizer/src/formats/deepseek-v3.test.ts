/** What the template of DeepSeek V3 forgets, and `wellFormedTools`. The template itself: templates.test.ts. */
import { expect, test } from 'vitest'
import { ChatError } from '../chat/chat-error.ts'
import type { ChatMessage } from '../chat/types.ts'
import { deepseekR1, deepseekV3 } from './deepseek-v3.ts'

const call = { name: 'f', arguments: '{}' }
const written = '<｜tool▁call▁begin｜>function<｜tool▁sep｜>f\n```json\n{}\n```<｜tool▁call▁end｜>'
const result = '<｜tool▁output▁begin｜>r<｜tool▁output▁end｜>'
const round = (content: string | null, calls: number): ChatMessage[] => [
  { role: 'assistant', content, toolCalls: Array.from({ length: calls }, () => call) },
  ...Array.from({ length: calls }, (): ChatMessage => ({ role: 'tool', content: 'r' })),
]
const messages: ChatMessage[] = [
  { role: 'user', content: 'q' },
  ...round('a', 1),
  ...round(null, 2),
  { role: 'user', content: 'p' },
]

test('every turn of calls and every run of results has its markers', () => {
  const turn = (content: string, calls: string): string =>
    `<｜Assistant｜>${content}<｜tool▁calls▁begin｜>${calls}<｜tool▁calls▁end｜><｜end▁of▁sentence｜>`
  const results = (text: string): string => `<｜tool▁outputs▁begin｜>${text}<｜tool▁outputs▁end｜>`
  expect(deepseekV3.render(messages, { wellFormedTools: true }).text).toBe(
    `<｜begin▁of▁sentence｜><｜User｜>q${turn('a', written)}${results(result)}` +
      `${turn('', `${written}\n${written}`)}${results(`${result}\n${result}`)}<｜User｜>p<｜Assistant｜>`,
  )
})

test('where the template forgets nothing, both are the same', () => {
  const good: ChatMessage[] = [
    { role: 'user', content: 'q' },
    ...round(null, 2),
    { role: 'assistant', content: 'x' },
  ]
  const official = deepseekV3.render(good).text
  expect(deepseekV3.render(good, { wellFormedTools: true }).text).toBe(official)
  expect(official).toContain('<｜tool▁outputs▁end｜>x<｜end▁of▁sentence｜>')
})

test('behind results the marker is written when asked for', () => {
  const asked: ChatMessage[] = [{ role: 'user', content: 'q' }, ...round(null, 2)]
  expect(deepseekV3.render(asked).text).toMatch(/<｜tool▁outputs▁end｜>$/)
  const marked = { assistantMarkerAfterTool: true }
  expect(deepseekV3.render(asked, marked).text).toMatch(/<｜tool▁outputs▁end｜><｜Assistant｜>$/)
  expect(deepseekR1.render(asked, marked).text).toMatch(/<｜tool▁outputs▁end｜><｜Assistant｜><think>\n$/)
})

test('refused: tools, and R1 without thinking', () => {
  const question: ChatMessage[] = [{ role: 'user', content: 'q' }]
  expect(() => deepseekV3.render(question, { tools: [{ name: 'f' }] })).toThrow(ChatError)
  expect(() => deepseekR1.render(question, { thinking: false })).toThrow(ChatError)
})
