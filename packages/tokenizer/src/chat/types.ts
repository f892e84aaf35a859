/** Messages, tools and tool calls as callers hold them: the OpenAI shapes in camel case, one level flatter. */

/** All system messages are joined with a blank line and stand before the first turn, wherever they were in the list. */
export interface SystemMessage {
  readonly role: 'system'
  readonly content: string
}

export interface UserMessage {
  readonly role: 'user'
  readonly content: string
}

/** A call that the model made. `arguments` is JSON text, exactly as the model wrote it. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

/** A tool call in a conversation to render: the id may be absent, the arguments may be a value instead of JSON text. */
export interface ToolCallInput {
  readonly id?: string | undefined
  readonly name: string
  /** JSON text is rendered as it is (empty text as `{}`), anything else as Python's `json.dumps` writes it. */
  readonly arguments: string | object
}

export interface AssistantMessage {
  readonly role: 'assistant'
  /** May be null or absent only with tool calls. Text up to the first `</think>` is dropped, as the template does. */
  readonly content?: string | null | undefined
  readonly toolCalls?: readonly ToolCallInput[] | null | undefined
  /** Never rendered: V3.1 does not see its earlier thinking. Accepted so that parsed messages can be sent back. */
  readonly thinking?: string | null | undefined
  /** With the option `thinking`, this turn opens with `<think>` (prefix completion, see `continueFinalMessage`). */
  readonly prefix?: boolean | undefined
}

/** The result of a tool call. V3.1 has no ids in its format; results stand in the order of their calls. */
export interface ToolMessage {
  readonly role: 'tool'
  readonly content: string
  readonly toolCallId?: string | undefined
}

export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage

/** A tool offered to the model. `parameters` is a JSON Schema; absent means a tool without arguments. */
export interface ToolDefinition {
  readonly name: string
  readonly description?: string | undefined
  readonly parameters?: object | undefined
}

export interface RenderOptions {
  /** Tools to describe in the system text; an empty list means none. */
  readonly tools?: readonly ToolDefinition[] | undefined
  /** Ask for an answer with thinking: the generation prompt ends in `<think>` instead of `</think>`. Default false. */
  readonly thinking?: boolean | undefined
  /** End with the opening of an assistant turn where the last message calls for one. Default true. */
  readonly addGenerationPrompt?: boolean | undefined
  /**
   * Write `<｜Assistant｜></think>` (or `<think>`) after tool results as after a user turn. The official template writes
   * nothing there and the model goes on right after `<｜tool▁output▁end｜>`; some report endless newlines from that in
   * long agent loops (sglang#17761). Default false, which is the official text.
   */
  readonly assistantMarkerAfterTool?: boolean | undefined
  /** Leave the last assistant turn open, without `<｜end▁of▁sentence｜>`, so that the model goes on with it. Default false. */
  readonly continueFinalMessage?: boolean | undefined
}

/** A piece of a rendered prompt: exactly one marker (`control`), or text that must be encoded as plain text. */
export interface ChatSegment {
  readonly text: string
  readonly control: boolean
}
