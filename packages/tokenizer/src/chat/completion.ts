/** What the model writes after the generation prompt: the inverse of the parser, and the target of training. */
import { checkMessages } from './check-messages.ts'
import { MARKERS } from './markers.ts'
import { writeToolCalls } from './render.ts'
import { SegmentWriter } from './segments.ts'
import type { AssistantMessage, ChatSegment } from './types.ts'

/**
 * The segments of one assistant turn as the model generates it: in thinking mode `{thinking}</think>` first (`<think>` is in
 * the prompt), then content, tool calls and `<｜end▁of▁sentence｜>`.
 *
 * @param options.thinking whether the prompt ended in `<think>`
 * @throws ChatError if the message is not valid
 */
export function renderCompletionSegments(
  message: AssistantMessage,
  options: { readonly thinking?: boolean | undefined } = {},
): ChatSegment[] {
  const [checked] = checkMessages([message])
  const writer = new SegmentWriter()
  if (options.thinking) {
    writer.plain(message.thinking ?? '')
    writer.control(MARKERS.thinkEnd)
  }
  writer.plain(checked?.content ?? '')
  if (checked?.role === 'assistant' && checked.toolCalls !== null) writeToolCalls(writer, checked.toolCalls)
  writer.control(MARKERS.endOfSentence)
  return writer.finish()
}

/** `renderCompletionSegments` as one text. */
export function renderCompletion(
  message: AssistantMessage,
  options: { readonly thinking?: boolean | undefined } = {},
): string {
  return renderCompletionSegments(message, options)
    .map((segment) => segment.text)
    .join('')
}
