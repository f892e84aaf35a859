/**
 * The DeepSeek-V3.1 chat template, byte for byte (tokenizer_config.json, `chat_template`), with its quirks:
 *
 * - system texts are joined and stand right after the begin token, without a marker;
 * - a finished assistant turn after a user turn is written `<｜Assistant｜></think>{content}<｜end▁of▁sentence｜>`, whether it
 *   had thinking or not, and what stands before the first `</think>` of its content is dropped;
 * - that cut is not made in turns with tool calls nor in the turn after a tool result;
 * - after tool results there is no `<｜Assistant｜>` marker (see `assistantMarkerAfterTool`);
 * - the template itself ignores tools: their description is appended to the system text.
 *
 * One wart is not kept: for an empty list of tool calls the template writes a lone `<｜tool▁calls▁end｜>`; here an empty list
 * is no list.
 */
import { describe } from '../describe.ts'
import { ChatError } from './chat-error.ts'
import { type CheckedCall, type CheckedMessage, checkMessages, checkTools } from './check-messages.ts'
import { MARKERS } from './markers.ts'
import { SegmentWriter } from './segments.ts'
import { writeToolBlock } from './tool-block.ts'
import type { ChatMessage, ChatSegment, RenderOptions } from './types.ts'

/**
 * Renders a conversation as the prompt text. Begin-of-sentence is included: encode it without adding special tokens. To get
 * ids use `encodeChat`, which cannot be tricked by markers inside messages.
 *
 * @throws ChatError if a message or tool is not valid
 */
export function renderChat(messages: readonly ChatMessage[], options: RenderOptions = {}): string {
  return renderChatSegments(messages, options)
    .map((segment) => segment.text)
    .join('')
}

/**
 * Renders a conversation as segments: markers that the template wrote (`control`), and plain text, in which a marker is only
 * text. Joined they are exactly `renderChat`.
 *
 * @throws ChatError if a message or tool is not valid
 */
export function renderChatSegments(
  messages: readonly ChatMessage[],
  options: RenderOptions = {},
): ChatSegment[] {
  const { tools = [], thinking = false, addGenerationPrompt = true } = options
  const checked = checkMessages(messages)
  checkTools(tools)
  const writer = new SegmentWriter()

  writer.control(MARKERS.beginOfSentence)
  const system = checked.filter((message) => message.role === 'system').map((message) => message.content)
  writer.plain(system.join('\n\n'))
  if (tools.length > 0) {
    if (system.length > 0) writer.plain('\n\n')
    writeToolBlock(writer, tools)
  }

  // Whether the next assistant turn needs its marker, and whether it continues right after a tool result.
  let needsMarker = false
  let afterTool = false
  const last = checked.length - 1
  if (options.continueFinalMessage) checkOpenTurn(checked)
  for (const [index, message] of checked.entries()) {
    const open = index === last && options.continueFinalMessage === true
    if (message.role === 'user') {
      writer.control(MARKERS.user)
      writer.plain(message.content)
      needsMarker = true
      afterTool = false
    } else if (message.role === 'tool') {
      writer.control(MARKERS.toolOutputBegin)
      writer.plain(message.content)
      writer.control(MARKERS.toolOutputEnd)
      needsMarker = options.assistantMarkerAfterTool === true
      afterTool = !needsMarker
    } else if (message.role === 'assistant') {
      const thinks = message.prefix && thinking && message.toolCalls === null
      if (needsMarker) {
        writer.control(MARKERS.assistant)
        writer.control(thinks ? MARKERS.thinkBegin : MARKERS.thinkEnd)
      }
      if (message.toolCalls !== null) {
        writer.plain(message.content ?? '')
        writeToolCalls(writer, message.toolCalls)
      } else {
        const content = message.content ?? ''
        writer.plain(afterTool ? content : withoutThinking(content))
      }
      if (!open) writer.control(MARKERS.endOfSentence)
      needsMarker = false
      afterTool = false
    }
  }
  if (addGenerationPrompt && needsMarker) {
    writer.control(MARKERS.assistant)
    writer.control(thinking ? MARKERS.thinkBegin : MARKERS.thinkEnd)
  }
  return writer.finish()
}

function checkOpenTurn(messages: readonly CheckedMessage[]): void {
  const last = messages.at(-1)
  if (last?.role === 'assistant' && last.toolCalls === null) return
  const index = messages.length - 1
  const expected = 'an assistant message without tool calls, to be continued'
  const got = last?.role === 'assistant' ? 'one with tool calls' : describe(last?.role)
  throw new ChatError({ index, field: 'role', expected, got })
}

/** Writes calls as the model does: one wrapper around all, nothing between them. */
export function writeToolCalls(writer: SegmentWriter, calls: readonly CheckedCall[]): void {
  writer.control(MARKERS.toolCallsBegin)
  for (const call of calls) {
    writer.control(MARKERS.toolCallBegin)
    writer.plain(call.name)
    writer.control(MARKERS.toolSep)
    writer.plain(call.arguments)
    writer.control(MARKERS.toolCallEnd)
  }
  writer.control(MARKERS.toolCallsEnd)
}

/** Python's `content.split('</think>', 1)[1]` where the marker occurs. */
function withoutThinking(content: string): string {
  const end = content.indexOf(MARKERS.thinkEnd)
  return end < 0 ? content : content.slice(end + MARKERS.thinkEnd.length)
}
