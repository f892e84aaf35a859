/**
 * DeepSeek V3, V3-0324 and R1, byte for byte (tokenizer_config.json, `chat_template`), with the quirks of their template:
 *
 * - calls are written only where the content is null, and are lost beside content;
 * - only the very first call of a conversation gets the opening markers, and every call but that gets the closing ones; so a
 *   single call is never closed, and later turns of calls are never opened;
 * - only the very first result of a conversation opens the results, and only an answer or the end of the prompt closes them;
 * - behind results nothing asks for an answer (see `assistantMarkerAfterTool`).
 *
 * `wellFormedTools` writes all of that as it was meant. The template has no description of tools: put one into the system text.
 */
import { ChatError } from '../chat/chat-error.ts'
import { type CheckedMessage, checkMessages } from '../chat/check-messages.ts'
import { MARKERS } from '../chat/markers.ts'
import { createFencedChatParser } from '../chat/parser.ts'
import { SegmentWriter } from '../chat/segments.ts'
import type { ChatSegment } from '../chat/types.ts'
import { deepseekFimTokens, writeDeepseekFim } from './deepseek-fim.ts'
import { type ChatFormat, defineFormat, type FormatOptions } from './format.ts'
import { checkContinuation } from './refuse.ts'

const OUTPUTS_BEGIN = '<｜tool▁outputs▁begin｜>'
const OUTPUTS_END = '<｜tool▁outputs▁end｜>'
const CONTROL_TOKENS = [...Object.values(MARKERS), OUTPUTS_BEGIN, OUTPUTS_END, ...deepseekFimTokens]

type AssistantTurn = Extract<CheckedMessage, { role: 'assistant' }>

/** DeepSeek V3 and V3-0324: no thinking. */
export const deepseekV3: ChatFormat = defineFormat({
  name: 'deepseek-v3',
  // Without the think markers, which are later tokens.
  controlTokens: CONTROL_TOKENS.filter((token) => token !== MARKERS.thinkBegin && token !== MARKERS.thinkEnd),
  renderSegments: (messages, options) => render(checkMessages(messages), options, false),
  parser: (options) => createFencedChatParser({ ...options, thinking: false }),
  fillInMiddle: writeDeepseekFim,
})

/**
 * DeepSeek R1, which always thinks: the prompt opens `<think>`. Of several system texts the last one counts. A parser for
 * an answer that does not begin with thinking, as behind results or a continued turn, takes `thinking: false`.
 */
export const deepseekR1: ChatFormat = defineFormat({
  name: 'deepseek-r1',
  controlTokens: CONTROL_TOKENS,
  renderSegments: (messages, options) => {
    if (options.thinking === false) {
      throw new ChatError({ field: 'thinking', expected: 'absent or true, R1 always thinks', got: 'false' })
    }
    return render(checkMessages(messages), options, true)
  },
  parser: (options) => createFencedChatParser({ ...options, thinking: options.thinking ?? true }),
})

function render(messages: readonly CheckedMessage[], options: FormatOptions, thinks: boolean): ChatSegment[] {
  if (options.tools?.length) {
    const expected = 'none: the format has no description of tools, describe them in a system message'
    throw new ChatError({ field: 'tools', expected, got: 'tools' })
  }
  checkContinuation(messages, options.continueFinalMessage)
  const writer = new SegmentWriter()
  writer.control(MARKERS.beginOfSentence)
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content ?? '')
  writer.plain(thinks ? (system.at(-1) ?? '') : system.join('\n\n'))

  const tools = new ToolTurns(writer, options.wellFormedTools === true)
  for (const [index, message] of messages.entries()) {
    const open = options.continueFinalMessage === true && index === messages.length - 1
    if (message.role === 'user') {
      tools.interrupt()
      writer.control(MARKERS.user)
      writer.plain(message.content)
    } else if (message.role === 'tool') {
      tools.result(message.content)
    } else if (message.role === 'assistant') {
      if (!tools.calls(message)) writeAnswer(writer, message.content ?? '', tools, { thinks, open, options })
    }
  }
  const answersResults = tools.closeResults()
  const asks = options.addGenerationPrompt !== false && !(answersResults && !options.assistantMarkerAfterTool)
  if (asks && !options.continueFinalMessage) {
    writer.control(MARKERS.assistant)
    if (thinks) {
      writer.control(MARKERS.thinkBegin)
      writer.plain('\n')
    }
  }
  return writer.finish()
}

function writeAnswer(
  writer: SegmentWriter,
  content: string,
  tools: ToolTurns,
  { thinks, open, options }: { thinks: boolean; open: boolean; options: FormatOptions },
): void {
  const answersResults = tools.closeResults()
  if (!answersResults || options.assistantMarkerAfterTool) writer.control(MARKERS.assistant)
  // Python's content.split('</think>')[-1]
  const end = thinks && !answersResults ? content.lastIndexOf(MARKERS.thinkEnd) : -1
  writer.plain(end < 0 ? content : content.slice(end + MARKERS.thinkEnd.length))
  if (!open) writer.control(MARKERS.endOfSentence)
}

/** Calls and results, and what the template remembers of them. */
class ToolTurns {
  readonly #writer: SegmentWriter
  readonly #wellFormed: boolean
  #anyCall = false
  #anyResult = false
  #afterResult = false

  constructor(writer: SegmentWriter, wellFormed: boolean) {
    this.#writer = writer
    this.#wellFormed = wellFormed
  }

  /** Writes the calls of a message. @returns false if it counts as an answer */
  calls({ content, toolCalls }: AssistantTurn): boolean {
    if (toolCalls === null || (content !== null && !this.#wellFormed)) return false
    this.interrupt()
    if (this.#wellFormed) this.#anyCall = false
    for (const call of toolCalls) {
      if (this.#anyCall) this.#writer.plain('\n')
      else {
        this.#writer.control(MARKERS.assistant)
        this.#writer.plain(content ?? '')
        this.#writer.control(MARKERS.toolCallsBegin)
      }
      this.#writer.control(MARKERS.toolCallBegin)
      this.#writer.plain('function')
      this.#writer.control(MARKERS.toolSep)
      this.#writer.plain(`${call.name}\n\`\`\`json\n${call.arguments}\n\`\`\``)
      this.#writer.control(MARKERS.toolCallEnd)
      if (this.#anyCall && !this.#wellFormed) this.#close()
      this.#anyCall = true
    }
    if (this.#wellFormed) this.#close()
    return true
  }

  result(content: string): void {
    if (this.#wellFormed && !this.#afterResult) this.#anyResult = false
    if (this.#anyResult) this.#writer.plain('\n')
    else this.#writer.control(OUTPUTS_BEGIN)
    this.#writer.control(MARKERS.toolOutputBegin)
    this.#writer.plain(content)
    this.#writer.control(MARKERS.toolOutputEnd)
    this.#anyResult = true
    this.#afterResult = true
  }

  /** A turn that is no answer follows the results. */
  interrupt(): void {
    if (this.#wellFormed) this.closeResults()
    this.#afterResult = false
  }

  /** Closes results. @returns whether there were some */
  closeResults(): boolean {
    if (!this.#afterResult) return false
    this.#writer.control(OUTPUTS_END)
    this.#afterResult = false
    return true
  }

  #close(): void {
    this.#writer.control(MARKERS.toolCallsEnd)
    this.#writer.control(MARKERS.endOfSentence)
  }
}
