/** Helpers of the parser's tests. */
import { createChatParser, parseChat } from '../chat/parser.ts'
import type { ChatEvent, ChatParserOptions, ParsedMessage } from '../chat/parser-types.ts'
import type { ChatSegment, ToolCall } from '../chat/types.ts'

export const callsBegin: string = '<｜tool▁calls▁begin｜>'
export const callsEnd: string = '<｜tool▁calls▁end｜>'
export const sep: string = '<｜tool▁sep｜>'
export const eos: string = '<｜end▁of▁sentence｜>'
/** A call with both its markers. */
export const call = (name: string, args: string): string =>
  `<｜tool▁call▁begin｜>${name}${sep}${args}<｜tool▁call▁end｜>`
/** The call at `index`, as the parser reports it. */
export const made = (index: number, name: string, args: string): ToolCall => ({
  id: `id${index}`,
  name,
  arguments: args,
})

const createId = (index: number): string => `id${index}`
export const parse = (text: string, thinking = false): ParsedMessage =>
  parseChat(text, { thinking, createId })
export const message = (parts: Partial<ParsedMessage>): ParsedMessage => ({
  role: 'assistant',
  content: '',
  thinking: '',
  toolCalls: [],
  ...parts,
})

/** All events of pieces given one after the other. */
export function eventsOf(
  pieces: readonly (string | ChatSegment)[],
  options: ChatParserOptions = {},
): ChatEvent[] {
  const parser = createChatParser({ createId, ...options })
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()]
}

/** Neighbouring deltas joined: the part of the events that does not depend on how the output was cut. */
export function merged(events: readonly ChatEvent[]): ChatEvent[] {
  const out: ChatEvent[] = []
  for (const event of events) {
    const last = out.at(-1)
    if (last !== undefined && 'text' in event && 'text' in last && event.type === last.type) {
      out[out.length - 1] = { ...last, text: last.text + event.text }
    } else {
      out.push(event)
    }
  }
  return out
}
