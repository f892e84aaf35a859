/**
 * Llama 3.1 and 3.3, byte for byte (meta-llama/Llama-3.1-8B-Instruct) for tools that the caller runs, with the quirks:
 *
 * - there is always a system turn, with two dates; a system text joins it in the first place only, elsewhere it is a turn;
 * - tools are described in the first turn of the user;
 * - one call a turn, and the content beside it is not written; a result is written as a JSON string.
 *
 * Arguments given as JSON text are written as they are; the template would quote them a second time.
 */
import { type CheckedMessage, checkMessages } from '../chat/check-messages.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { createLlama3Parser } from '../parsers/llama3.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from './format.ts'
import { strip } from './python-text.ts'
import { checkContinuation, refuse } from './refuse.ts'
import { argumentsAsJson, toJson, toolsAsJson } from './tools.ts'

const BEGIN_OF_TEXT = '<|begin_of_text|>'
const HEADER = '<|start_header_id|>'
const HEADER_END = '<|end_header_id|>'
const END = '<|eot_id|>'

const TOOLS_PREAMBLE =
  'Given the following functions, please respond with a JSON for a function call with its proper arguments that best answers' +
  ' the given prompt.\n\nRespond in the format {"name": function name, "parameters": dictionary of argument name and its' +
  ' value}.Do not use variables.\n\n'

export const llama3: ChatFormat = defineFormat({
  name: 'llama3',
  controlTokens: [BEGIN_OF_TEXT, HEADER, HEADER_END, END, '<|eom_id|>', '<|end_of_text|>', '<|python_tag|>'],
  renderSegments: (messages, options) => render(checkMessages(messages), options),
  parser: createLlama3Parser,
})

function render(messages: readonly CheckedMessage[], options: FormatOptions): ChatSegment[] {
  checkContinuation(messages, options.continueFinalMessage)
  const tools = toolsAsJson(options.tools, { indent: 4 })
  const writer = new SegmentWriter()
  const first = messages[0]
  const begin = first?.role === 'system' ? 1 : 0
  writer.control(BEGIN_OF_TEXT)
  header(writer, 'system')
  if (tools.length > 0) writer.plain('Environment: ipython\n')
  writer.plain(`Cutting Knowledge Date: December 2023\nToday Date: ${options.date ?? '26 Jul 2024'}\n\n`)
  writer.plain(first?.role === 'system' ? strip(first.content) : '')
  writer.control(END)

  for (const [index, message] of messages.entries()) {
    if (index < begin) continue
    const described = index === begin && tools.length > 0
    if (described && message.role !== 'user') {
      refuse(index, 'role', 'user: the first turn describes the tools', message.role)
    }
    if (message.role === 'tool') {
      header(writer, 'ipython')
      writer.plain(toJson(message.content, `messages[${index}].content`))
    } else if (message.role === 'assistant' && message.toolCalls !== null) {
      writeCall(writer, message.toolCalls, index)
    } else {
      header(writer, message.role)
      if (described) writer.plain(TOOLS_PREAMBLE + tools.map((tool) => `${tool}\n\n`).join(''))
      writer.plain(strip(message.content ?? ''))
    }
    if (options.continueFinalMessage && index === messages.length - 1) return writer.finish()
    writer.control(END)
  }
  if (tools.length > 0 && messages.length === begin) {
    refuse(0, 'role', 'followed by a message of the user, which describes the tools', 'no other message')
  }
  if (options.addGenerationPrompt !== false) header(writer, 'assistant')
  return writer.finish()
}

function header(writer: SegmentWriter, role: string): void {
  writer.control(HEADER)
  writer.plain(role)
  writer.control(HEADER_END)
  writer.plain('\n\n')
}

function writeCall(
  writer: SegmentWriter,
  calls: NonNullable<Extract<CheckedMessage, { role: 'assistant' }>['toolCalls']>,
  index: number,
): void {
  const [call] = calls
  if (call === undefined || calls.length > 1) {
    refuse(index, 'toolCalls', 'one call: the format has no form for several', `${calls.length}`)
  }
  header(writer, 'assistant')
  const json = argumentsAsJson(call.given, `messages[${index}].toolCalls[0].arguments`)
  writer.plain(`{"name": "${call.name}", "parameters": ${json}}`)
}
