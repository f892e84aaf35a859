/** What the parser of model output reports. */
import type { ChatSegment, ToolCall } from './types.ts'

/** Events in the order of the output. Deltas concatenate to the whole; how they are cut depends on the input pieces. */
export type ChatEvent =
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'tool-call-start'; readonly index: number; readonly id: string; readonly name: string }
  | { readonly type: 'tool-call-arguments-delta'; readonly index: number; readonly text: string }
  /** A complete call. `arguments` is JSON text, and the concatenation of its deltas. */
  | ({ readonly type: 'tool-call'; readonly index: number } & ToolCall)
  /**
   * A started call whose arguments are not JSON, or were cut off by the end of the output. It does not count as a call: its
   * raw text follows as a `text-delta`.
   */
  | ({
      readonly type: 'tool-call-invalid'
      readonly index: number
      readonly reason: 'not-json' | 'truncated'
    } & ToolCall)
  /** The last event: everything collected. */
  | { readonly type: 'message'; readonly message: ParsedMessage }

/** A whole assistant turn; it can be put into a conversation as it is. */
export interface ParsedMessage {
  readonly role: 'assistant'
  readonly content: string
  readonly thinking: string
  readonly toolCalls: readonly ToolCall[]
}

export interface ChatParserOptions {
  /** Whether the prompt ended in `<think>`, so that the output begins with thinking. Default false. */
  readonly thinking?: boolean | undefined
  /** Makes the id of the call at `index`; must be unique in the conversation. Default: `call_` and 96 random bits. */
  readonly createId?: ((index: number) => string) | undefined
}

/** Reads one assistant turn as it arrives. */
export interface ChatParser {
  /**
   * Takes the next piece of output, cut anywhere. In a string every marker counts. A segment says itself whether it is a
   * control token: pass segments where token ids are known, so that a model that merely spells a marker out cannot be read
   * as having made a call. Pieces after the end of the turn are ignored.
   */
  push(piece: string | ChatSegment): ChatEvent[]
  /** Ends the output. The last event is `message`; a second `finish` gives nothing. */
  finish(): ChatEvent[]
}
