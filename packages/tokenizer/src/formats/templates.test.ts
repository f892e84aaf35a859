/**
 * Prompts equal those that transformers renders with each model's own chat template: 400 random conversations for each
 * format, by tooling/fixtures/tokenizer/make_chats.py.
 */
import { expect, test } from 'vitest'
import type { ChatMessage } from '../chat/types.ts'
import { readGolden } from '../testing/golden.ts'
import type { FormatOptions } from './format.ts'
import { chatFormats } from './index.ts'

interface Golden {
  readonly cases: readonly {
    readonly messages: readonly ChatMessage[]
    readonly options: FormatOptions
    readonly text: string
  }[]
}

test.each(Object.entries(chatFormats))('%s renders as its template', (name, format) => {
  const { cases } = readGolden(`chat-${name}.json.gz`) as Golden
  expect(cases.length).toBeGreaterThanOrEqual(300)
  for (const { messages, options, text } of cases) expect(format.render(messages, options).text).toBe(text)
})
