/**
 * Qwen 3, with the tool calls of Hermes. Its template, byte for byte (Qwen/Qwen3-0.6B), with its quirks:
 *
 * - a system text counts as such in the first place only; elsewhere it is a turn, and the tools do not join it;
 * - thinking is kept after the last question of the user and dropped before it; in the last message an empty block is written
 *   where there was none;
 * - `thinking: false` answers for the model with an empty block of thinking; without the option the model thinks.
 */
import { type CheckedCall, type CheckedMessage, checkMessages } from '../chat/check-messages.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { createHermesParser } from '../parsers/hermes.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from './format.ts'
import { withoutLeadingLines, withoutTrailingLines } from './python-text.ts'
import { checkContinuation } from './refuse.ts'
import { argumentsAsJson, toolsAsJson } from './tools.ts'

const BEGIN = '<|im_start|>'
const END = '<|im_end|>'
const THINK = '<think>'
const THINK_END = '</think>'
const CALL = '<tool_call>'
const CALL_END = '</tool_call>'
const RESPONSE = '<tool_response>'
const RESPONSE_END = '</tool_response>'

type AssistantTurn = Extract<CheckedMessage, { role: 'assistant' }>

export const qwen3: ChatFormat = defineFormat({
  name: 'qwen3',
  controlTokens: [BEGIN, END, '<|endoftext|>', THINK, THINK_END, CALL, CALL_END, RESPONSE, RESPONSE_END],
  renderSegments: (messages, options) => render(checkMessages(messages), options),
  // The model writes `<think>` itself.
  parser: (options) => createHermesParser({ ...options, thinking: false }),
})

function render(messages: readonly CheckedMessage[], options: FormatOptions): ChatSegment[] {
  checkContinuation(messages, options.continueFinalMessage)
  const writer = new SegmentWriter()
  const first = messages[0]
  writeSystem(writer, first?.role === 'system' ? first.content : undefined, toolsAsJson(options.tools))
  const lastQuestion = findLastQuestion(messages)
  const last = messages.length - 1
  for (const [index, message] of messages.entries()) {
    if (message.role === 'assistant') {
      const content = writeAnswer(writer, message, index, { lastQuestion, last })
      writeCalls(writer, message.toolCalls ?? [], content, index)
      if (options.continueFinalMessage && index === last) return writer.finish()
      endTurn(writer)
    } else if (message.role === 'tool') {
      if (messages[index - 1]?.role !== 'tool') beginTurn(writer, 'user')
      writer.plain('\n')
      writer.control(RESPONSE)
      writer.plain(`\n${message.content}\n`)
      writer.control(RESPONSE_END)
      if (messages[index + 1]?.role !== 'tool') endTurn(writer)
    } else if (message.role === 'user' || index > 0) {
      beginTurn(writer, `${message.role}\n${message.content}`)
      endTurn(writer)
    }
  }
  if (options.addGenerationPrompt === false) return writer.finish()
  beginTurn(writer, 'assistant\n')
  if (options.thinking === false) writeThinking(writer, '\n\n')
  return writer.finish()
}

function beginTurn(writer: SegmentWriter, text: string): void {
  writer.control(BEGIN)
  writer.plain(text)
}

function endTurn(writer: SegmentWriter): void {
  writer.control(END)
  writer.plain('\n')
}

function writeThinking(writer: SegmentWriter, text: string): void {
  writer.control(THINK)
  writer.plain(text)
  writer.control(THINK_END)
  writer.plain('\n\n')
}

function writeSystem(writer: SegmentWriter, system: string | undefined, tools: readonly string[]): void {
  if (system === undefined && tools.length === 0) return
  beginTurn(writer, 'system\n')
  writer.plain(system ?? '')
  if (tools.length > 0) {
    if (system !== undefined) writer.plain('\n\n')
    writer.plain(
      '# Tools\n\nYou may call one or more functions to assist with the user query.\n\n' +
        'You are provided with function signatures within <tools></tools> XML tags:\n<tools>' +
        tools.map((tool) => `\n${tool}`).join('') +
        '\n</tools>\n\nFor each function call, return a json object with function name and arguments within ',
    )
    writer.control(CALL)
    writer.control(CALL_END)
    writer.plain(' XML tags:\n')
    writer.control(CALL)
    writer.plain('\n{"name": <function-name>, "arguments": <args-json-object>}\n')
    writer.control(CALL_END)
  }
  endTurn(writer)
}

/** The last user message that is not a tool result in disguise; the last message where there is none. */
function findLastQuestion(messages: readonly CheckedMessage[]): number {
  const index = messages.findLastIndex(({ role, content }) => {
    if (role !== 'user') return false
    return !(content.startsWith(RESPONSE) && content.endsWith(RESPONSE_END))
  })
  return index < 0 ? messages.length - 1 : index
}

/** Writes marker, thinking and content. @returns the content without thinking, which decides on a line before calls */
function writeAnswer(
  writer: SegmentWriter,
  message: AssistantTurn,
  index: number,
  { lastQuestion, last }: { lastQuestion: number; last: number },
): string {
  let content = message.content ?? ''
  let thinking = message.thinking ?? ''
  if (message.thinking === null && content.includes(THINK_END)) {
    thinking = withoutTrailingLines(content.slice(0, content.indexOf(THINK_END)))
    thinking = withoutLeadingLines(thinking.slice(afterLast(thinking, THINK)))
    content = withoutLeadingLines(content.slice(afterLast(content, THINK_END)))
  }
  beginTurn(writer, 'assistant\n')
  if (index > lastQuestion && (index === last || thinking !== '')) {
    writeThinking(writer, `\n${withoutLeadingLines(withoutTrailingLines(thinking))}\n`)
    writer.plain(withoutLeadingLines(content))
  } else {
    writer.plain(content)
  }
  return content
}

function afterLast(text: string, marker: string): number {
  const at = text.lastIndexOf(marker)
  return at < 0 ? 0 : at + marker.length
}

function writeCalls(
  writer: SegmentWriter,
  calls: readonly CheckedCall[],
  content: string,
  index: number,
): void {
  for (const [position, { name, given }] of calls.entries()) {
    if (content !== '' || position > 0) writer.plain('\n')
    writer.control(CALL)
    const json = argumentsAsJson(given, `messages[${index}].toolCalls[${position}].arguments`)
    // The template does not quote the name.
    writer.plain(`\n{"name": "${name}", "arguments": ${json}}\n`)
    writer.control(CALL_END)
  }
}
