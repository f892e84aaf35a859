/**
 * Harmony, the format of gpt-oss, byte for byte (openai/gpt-oss-120b), for tools that the caller runs, with the quirks:
 *
 * - a system text is the developer's instructions in the first place; elsewhere it is lost;
 * - one call a turn; its thinking (or the content beside it) is kept until an answer without calls follows;
 * - thinking of answers is dropped, but for the last message without a generation prompt, which ends in `<|return|>` (training);
 * - a result is written as a JSON string under the name of the last call.
 *
 * Arguments given as JSON text are written as they are; the template would quote them a second time.
 */
import { type CheckedMessage, checkMessages } from '../chat/check-messages.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { createHarmonyParser, harmonyMarkers } from '../parsers/harmony.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from './format.ts'
import { harmonyTools } from './harmony-tools.ts'
import { checkContinuation, refuse } from './refuse.ts'
import { argumentsAsJson, toJson } from './tools.ts'

type AssistantTurn = Extract<CheckedMessage, { role: 'assistant' }>

export const harmony: ChatFormat = defineFormat({
  name: 'harmony',
  controlTokens: [...harmonyMarkers, '<|endoftext|>'],
  renderSegments: (messages, options) => render(checkMessages(messages), options),
  parser: createHarmonyParser,
})

function render(messages: readonly CheckedMessage[], options: FormatOptions): ChatSegment[] {
  checkContinuation(messages, options.continueFinalMessage)
  const writer = new SegmentWriter()
  const tools = harmonyTools(options.tools)
  writeSystem(writer, options, tools !== '')
  const first = messages[0]
  writeDeveloper(writer, first?.role === 'system' ? first.content : '', tools)

  const last = messages.length - 1
  const asks = options.addGenerationPrompt !== false
  const lastAnswer = messages.findLastIndex(({ role, ...rest }) => {
    return role === 'assistant' && (rest as AssistantTurn).toolCalls === null
  })
  let called = ''
  for (const [index, message] of messages.entries()) {
    if (message.role === 'user') {
      begin(writer, 'user')
      writer.plain(message.content)
      writer.control('<|end|>')
    } else if (message.role === 'tool') {
      begin(writer, `functions.${called} to=assistant`, 'commentary')
      writer.plain(toJson(message.content, `messages[${index}].content`))
      writer.control('<|end|>')
    } else if (message.role === 'assistant') {
      if (message.toolCalls !== null) {
        called = writeCall(writer, message, index, index < lastAnswer)
        continue
      }
      const open = options.continueFinalMessage === true && index === last
      const returns = index === last && !asks && !open
      if (returns && message.thinking !== null) writeAnalysis(writer, message.thinking)
      begin(writer, 'assistant', 'final')
      writer.plain(message.content ?? '')
      if (open) return writer.finish()
      writer.control(returns ? '<|return|>' : '<|end|>')
    }
  }
  if (asks) {
    writer.control('<|start|>')
    writer.plain('assistant')
  }
  return writer.finish()
}

function begin(writer: SegmentWriter, author: string, channel?: string): void {
  writer.control('<|start|>')
  writer.plain(author)
  if (channel !== undefined) {
    writer.control('<|channel|>')
    writer.plain(channel)
  }
  writer.control('<|message|>')
}

function writeSystem(writer: SegmentWriter, options: FormatOptions, hasTools: boolean): void {
  begin(writer, 'system')
  writer.plain(
    'You are ChatGPT, a large language model trained by OpenAI.\nKnowledge cutoff: 2024-06\n' +
      `Current date: ${options.date ?? today()}\n\nReasoning: ${options.reasoningEffort ?? 'medium'}\n\n` +
      '# Valid channels: analysis, commentary, final. Channel must be included for every message.',
  )
  if (hasTools) writer.plain("\nCalls to these tools must go to the commentary channel: 'functions'.")
  writer.control('<|end|>')
}

function writeDeveloper(writer: SegmentWriter, instructions: string, tools: string): void {
  if (instructions === '' && tools === '') return
  begin(writer, 'developer')
  if (instructions !== '') writer.plain(`# Instructions\n\n${instructions}\n\n`)
  if (tools !== '') writer.plain(`# Tools\n\n${tools}`)
  writer.control('<|end|>')
}

function writeAnalysis(writer: SegmentWriter, text: string): void {
  begin(writer, 'assistant', 'analysis')
  writer.plain(text)
  writer.control('<|end|>')
}

/** @returns the name of the called tool */
function writeCall(writer: SegmentWriter, message: AssistantTurn, index: number, answered: boolean): string {
  const [call, ...others] = message.toolCalls ?? []
  if (call === undefined || others.length > 0) {
    return refuse(index, 'toolCalls', 'one call: the format has no form for several', 'several')
  }
  if (message.content && message.thinking) {
    refuse(index, 'thinking', 'absent beside content and a call', 'both')
  }
  const thinking = message.content || message.thinking
  if (thinking && !answered) writeAnalysis(writer, thinking)
  begin(writer, `assistant to=functions.${call.name}`, 'commentary json')
  writer.plain(argumentsAsJson(call.given, `messages[${index}].toolCalls[0].arguments`))
  writer.control('<|call|>')
  return call.name
}

/** The day in local time, as the template asks for it. */
function today(): string {
  const now = new Date()
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`
}
