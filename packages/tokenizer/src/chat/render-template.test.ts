/** Rendered prompts equal the jinja chat template that the embedded model ships with. */
import { readFileSync } from 'node:fs'
import { Template } from '@huggingface/jinja'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderChat } from './render.ts'
import type { ChatMessage, RenderOptions } from './types.ts'

const config = JSON.parse(
  readFileSync(new URL('../../../octo-tiny/model/tokenizer_config.json', import.meta.url), 'utf8'),
) as { chat_template: string }
const template = new Template(config.chat_template)

/** The same conversation as the template takes it. */
function renderTemplate(messages: readonly ChatMessage[], options: RenderOptions): string {
  return template.render({
    bos_token: '<｜begin▁of▁sentence｜>',
    thinking: options.thinking,
    add_generation_prompt: options.addGenerationPrompt,
    messages: messages.map((message) => {
      if (message.role !== 'assistant') return { role: message.role, content: message.content }
      const toolCalls = message.toolCalls?.map(({ name, arguments: args }) => ({
        function: { name, arguments: args },
      }))
      return {
        role: 'assistant',
        content: message.content,
        prefix: message.prefix ?? false,
        ...(toolCalls === undefined ? {} : { tool_calls: toolCalls }),
      }
    }),
  })
}

const marker = fc.constantFrom(
  '</think>',
  '<think>',
  '<｜User｜>',
  '<｜Assistant｜>',
  '\n\n',
  ' ',
  '{{ x }}',
  '{% if %}',
)
const content = fc
  .array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 8 }), marker), { maxLength: 4 })
  .map((parts) => parts.join(''))
const call = fc.record({ name: fc.stringMatching(/^[a-z_.]{1,9}$/), arguments: fc.json({ maxDepth: 2 }) })
const turn: fc.Arbitrary<ChatMessage[]> = fc.oneof(
  content.map((text): ChatMessage[] => [{ role: 'system', content: text }]),
  content.map((text): ChatMessage[] => [{ role: 'user', content: text }]),
  fc
    .tuple(content, fc.boolean())
    .map(([text, prefix]): ChatMessage[] => [{ role: 'assistant', content: text, prefix }]),
  fc
    .tuple(
      fc.option(content),
      fc.array(fc.tuple(call, content), { minLength: 1, maxLength: 3 }),
      fc.nat({ max: 3 }),
    )
    .map(([text, calls, results]): ChatMessage[] => [
      { role: 'assistant', content: text, toolCalls: calls.map(([made]) => made) },
      ...calls.slice(0, results).map(([, result]): ChatMessage => ({ role: 'tool', content: result })),
    ]),
)
const conversation = fc.array(turn, { minLength: 1, maxLength: 8 }).map((turns) => turns.flat())

test('generated conversations render as the template renders them', () => {
  fc.assert(
    fc.property(conversation, fc.boolean(), fc.boolean(), (messages, thinking, addGenerationPrompt) => {
      const options = { thinking, addGenerationPrompt }
      expect(renderChat(messages, options)).toBe(renderTemplate(messages, options))
    }),
    { numRuns: 500 },
  )
})
