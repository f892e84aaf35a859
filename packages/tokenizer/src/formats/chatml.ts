/**
 * ChatML, `<|im_start|>role\ncontent<|im_end|>\n`, for models without tools and thinking of their own: SmolLM2 and many fine
 * tunes. No system text is invented where there is none.
 */
import { ChatError } from '../chat/chat-error.ts'
import { checkMessages } from '../chat/check-messages.ts'
import { SegmentWriter } from '../chat/segments.ts'
import { createHermesParser } from '../parsers/hermes.ts'
import { type ChatFormat, defineFormat } from './format.ts'
import { checkContinuation, refuse } from './refuse.ts'

const BEGIN = '<|im_start|>'
const END = '<|im_end|>'

export const chatML: ChatFormat = defineFormat({
  name: 'chatml',
  controlTokens: [BEGIN, END],
  renderSegments: (messages, options) => {
    if (options.tools?.length) {
      throw new ChatError({ field: 'tools', expected: 'none, ChatML has no form for them', got: 'tools' })
    }
    const checked = checkMessages(messages)
    checkContinuation(checked, options.continueFinalMessage)
    const writer = new SegmentWriter()
    for (const [index, message] of checked.entries()) {
      if (message.role === 'tool') refuse(index, 'role', 'system, user or assistant', 'tool')
      if (message.role === 'assistant' && message.toolCalls !== null) {
        refuse(index, 'toolCalls', 'absent, ChatML has no form for them', 'tool calls')
      }
      writer.control(BEGIN)
      writer.plain(`${message.role}\n${message.content ?? ''}`)
      if (options.continueFinalMessage && index === checked.length - 1) return writer.finish()
      writer.control(END)
      writer.plain('\n')
    }
    if (options.addGenerationPrompt !== false) {
      writer.control(BEGIN)
      writer.plain('assistant\n')
    }
    return writer.finish()
  },
  // Thinking is never asked for in the prompt; where a model writes `<think>` by itself, it is read.
  parser: (options) => createHermesParser({ ...options, thinking: false }),
})
