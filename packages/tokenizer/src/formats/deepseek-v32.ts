/**
 * DeepSeek-V3.2, as the encoder of its makers writes it (encoding_dsv32.py; the model has no Jinja template):
 *
 * - system texts stand where they are; the tools follow the first message if that is one, else an empty one;
 * - thinking is kept behind the last message of the user, also across rounds of tools, and dropped before it;
 * - an answer behind that message needs thinking or calls in thinking mode: without both it is refused;
 * - text and JSON are told apart for each parameter, so arguments must be an object. JSON text is read and written anew, in
 *   which a whole number stays without a fraction: `1.0` becomes `1`.
 *
 * `｜DSML｜` is a control token where the tokenizer has one, else text. With text, a message that spells a call out looks like one.
 */
import { type CheckedCall, type CheckedMessage, checkMessages } from '../chat/check-messages.ts'
import { MARKERS } from '../chat/markers.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { createDsmlParser } from '../parsers/dsml.ts'
import { isDsmlName } from '../parsers/dsml-name.ts'
import { deepseekFimTokens, writeDeepseekFim } from './deepseek-fim.ts'
import { writeTag } from './dsml-tag.ts'
import { writeDsmlTools } from './dsml-tools.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from './format.ts'
import { checkContinuation, refuse } from './refuse.ts'
import { toJson } from './tools.ts'

export const deepseekV32: ChatFormat = defineFormat({
  name: 'deepseek-v3.2',
  controlTokens: [
    MARKERS.beginOfSentence,
    MARKERS.endOfSentence,
    MARKERS.user,
    MARKERS.assistant,
    MARKERS.thinkBegin,
    MARKERS.thinkEnd,
    '｜DSML｜',
    ...deepseekFimTokens,
  ],
  optionalTokens: ['｜DSML｜'],
  renderSegments: (messages, options) => render(checkMessages(messages), options),
  parser: createDsmlParser,
  fillInMiddle: writeDeepseekFim,
})

function render(messages: readonly CheckedMessage[], options: FormatOptions): ChatSegment[] {
  checkContinuation(messages, options.continueFinalMessage)
  const writer = new SegmentWriter()
  const lastUser = messages.findLastIndex(({ role }) => role === 'user')
  const tools = options.tools ?? []
  writer.control(MARKERS.beginOfSentence)
  if (messages[0]?.role !== 'system') writeDsmlTools(writer, tools)

  let calls = 0
  let results = 0
  for (const [index, message] of messages.entries()) {
    const isLast = index === messages.length - 1
    const asks = !isLast || options.addGenerationPrompt !== false
    if (message.role === 'system') {
      writer.plain(message.content)
      if (index === 0) writeDsmlTools(writer, tools)
    } else if (message.role === 'user') {
      writer.control(MARKERS.user)
      writer.plain(message.content)
      if (asks) {
        writer.control(MARKERS.assistant)
        writeThink(writer, index === lastUser && options.thinking === true)
      }
    } else if (message.role === 'tool') {
      results++
      if (results === 1) writer.plain('\n\n<function_results>')
      writer.plain(`\n<result>${message.content}</result>`)
      if (results === calls) {
        writer.plain('\n</function_results>')
        if (asks) {
          writer.plain('\n\n')
          writeThink(writer, index >= lastUser && options.thinking === true)
        }
      }
    } else if (message.role === 'assistant') {
      if (options.thinking === true && index > lastUser) {
        if (!message.thinking && message.toolCalls === null) {
          refuse(index, 'thinking', 'present behind the last question in thinking mode', 'none and no calls')
        }
        writer.plain(message.thinking ?? '')
        writer.control(MARKERS.thinkEnd)
      }
      writer.plain(message.content ?? '')
      if (message.toolCalls !== null) writeCalls(writer, message.toolCalls, index)
      calls = message.toolCalls?.length ?? 0
      results = 0
      if (!(isLast && options.continueFinalMessage)) writer.control(MARKERS.endOfSentence)
    }
  }
  return writer.finish()
}

function writeThink(writer: SegmentWriter, thinking: boolean): void {
  writer.control(thinking ? MARKERS.thinkBegin : MARKERS.thinkEnd)
}

function writeCalls(writer: SegmentWriter, calls: readonly CheckedCall[], index: number): void {
  writer.plain('\n\n')
  writeTag(writer, '<', 'function_calls>\n')
  for (const [position, call] of calls.entries()) {
    const field = `toolCalls[${position}]`
    if (!isDsmlName(call.name)) refuse(index, `${field}.name`, 'a name without " and >', call.name)
    writeTag(writer, '<', `invoke name="${call.name}">\n`)
    const entries = Object.entries(parametersOf(call, index, field))
    for (const [at, [key, value]] of entries.entries()) {
      const isText = typeof value === 'string'
      writeTag(writer, '<', `parameter name="${key}" string="${isText}">`)
      writer.plain(isText ? value : toJson(value, `messages[${index}].${field}.arguments`))
      writeTag(writer, '</', at < entries.length - 1 ? 'parameter>\n' : 'parameter>')
    }
    writer.plain('\n')
    writeTag(writer, '</', 'invoke>\n')
  }
  writeTag(writer, '</', 'function_calls>')
}

function parametersOf(call: CheckedCall, index: number, field: string): object {
  const value: unknown = typeof call.given === 'string' ? JSON.parse(call.given) : call.given
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  return refuse(index, `${field}.arguments`, 'an object', Array.isArray(value) ? 'an array' : String(value))
}
