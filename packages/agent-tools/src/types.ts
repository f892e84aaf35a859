/**
 * The contract between models, tools and the agent loop: plain data, structurally the shapes that `octoscale`,
 * `@octoscale/tokenizer` and OpenAI-compatible clients use, so that no adapter stands between them.
 */

/** A call that the model made. `arguments` is JSON text, exactly as the model wrote it. */
export interface ToolCall {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

export type AgentMessage =
  | { readonly role: 'system' | 'user'; readonly content: string }
  | {
      readonly role: 'assistant'
      readonly content: string
      readonly thinking?: string
      readonly toolCalls?: readonly ToolCall[]
    }
  | { readonly role: 'tool'; readonly content: string; readonly toolCallId: string }

/** A tool as the model sees it. `parameters` is a JSON Schema of an object. */
export interface ToolDefinition {
  readonly name: string
  readonly description?: string | undefined
  readonly parameters?: object | undefined
}

/** Tokens of one answer. A model that does not count leaves it out of its result. */
export interface ModelUsage {
  readonly promptTokens: number
  readonly completionTokens: number
}

/** One whole answer. */
export interface ModelResult {
  readonly content: string
  readonly thinking: string
  readonly toolCalls: readonly ToolCall[]
  readonly finishReason: 'stop' | 'tool-calls' | 'length'
  readonly usage?: ModelUsage | undefined
}

/**
 * What a model streams. Deltas concatenate to the texts of the result; the last event is `finish`. A model may send
 * further types of events (partial tool calls): the loop ignores what it does not know.
 */
export type ModelEvent =
  | { readonly type: 'thinking-delta'; readonly text: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'finish'; readonly result: ModelResult }
  | { readonly type: 'tool-call-start' | 'tool-call-arguments-delta' | 'tool-call' | 'tool-call-invalid' }

export interface ModelRequest {
  readonly messages: readonly AgentMessage[]
  readonly tools: readonly ToolDefinition[]
  readonly signal: AbortSignal
}

/**
 * The model of an agent: one function. The local engine is `(request) => llm.chat({ ...request, temperature: 0 })`;
 * what is not in the request (thinking, temperature, seed) is the function's own business. Errors are thrown by the
 * iteration; after an abort of `signal` it throws `signal.reason`.
 */
export type AgentModel = (request: ModelRequest) => AsyncIterable<ModelEvent>

/** What a running tool is given. */
export interface ToolContext {
  /** Aborted when the run is, or when the tool's time is up: the tool should stop. */
  readonly signal: AbortSignal
  readonly call: ToolCall
}

/** Faults of the model's arguments, in words that help the model to call again. */
export interface InputProblem {
  /** For example `values[0].name`; empty for the whole. */
  readonly path: string
  readonly message: string
}

export type CheckedInput =
  | { readonly ok: true; readonly input: unknown }
  | { readonly ok: false; readonly problems: readonly InputProblem[] }

/** A tool, ready to run. Made by `defineTool`. */
export interface Tool extends ToolDefinition {
  readonly parameters: object
  /** Validates the parsed arguments of a call, and converts them where the schema does. */
  check(input: unknown): Promise<CheckedInput>
  /** Text is passed on as it is, anything else as JSON. What it throws becomes an error result that the model sees. */
  execute(input: unknown, context: ToolContext): unknown
  /** Whether a person must agree to this call first. */
  needsApproval(input: unknown): boolean
  /** Milliseconds until the call counts as failed; undefined: the run's own limit only. */
  readonly timeout: number | undefined
}

/** The result of a call, as the model sees it. `isError`: the tool failed, or was not run; `content` says why. */
export interface ToolResult {
  readonly call: ToolCall
  readonly content: string
  readonly isError: boolean
  /** Spent in `execute`; 0 if it did not run. */
  readonly milliseconds: number
}

/** Why a run ended. `stop`: the model was done. Limits are `length` (of one answer), `steps` and `time`. */
export type AgentFinishReason = 'stop' | 'length' | 'steps' | 'time' | 'aborted' | 'error'

export interface AgentResult {
  readonly reason: AgentFinishReason
  /** The text of the last answer; empty if there is none. */
  readonly content: string
  /**
   * What to add to the conversation: answers and tool results in order; every call has its result. An answer that was not
   * finished is not among them, only in the events.
   */
  readonly messages: readonly AgentMessage[]
  /** Answers of the model. */
  readonly steps: number
  readonly usage: ModelUsage
  /** With reason `error`: what the model function threw. */
  readonly error?: unknown
}

/**
 * What happens in a run, in order. `step` counts from 1. The last event is always `finish`. Ids of calls are unique in a
 * conversation: the loop replaces those that a model left out or used again.
 */
export type AgentEvent =
  | { readonly type: 'step'; readonly step: number }
  | { readonly type: 'thinking'; readonly step: number; readonly text: string }
  | { readonly type: 'text'; readonly step: number; readonly text: string }
  | { readonly type: 'tool-call'; readonly step: number; readonly call: ToolCall }
  | { readonly type: 'tool-result'; readonly step: number; readonly result: ToolResult }
  | { readonly type: 'error'; readonly step: number; readonly error: unknown }
  | { readonly type: 'finish'; readonly result: AgentResult }
