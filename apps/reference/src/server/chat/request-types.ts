/** The fields of a chat completions request that this server reads. Null is the same as absent everywhere. */

export interface RequestPart {
  readonly type: string
  readonly text?: string | null | undefined
  readonly refusal?: string | null | undefined
}

export type RequestContent = string | readonly RequestPart[]

export interface RequestToolCall {
  readonly id?: string | null | undefined
  readonly function: {
    readonly name: string
    /** JSON text; clients exist that send the arguments parsed. */
    readonly arguments?: string | object | null | undefined
  }
}

export type RequestMessage =
  | { readonly role: 'system' | 'developer' | 'user'; readonly content: RequestContent }
  | {
      readonly role: 'assistant'
      readonly content?: RequestContent | null | undefined
      readonly refusal?: string | null | undefined
      readonly tool_calls?: readonly RequestToolCall[] | null | undefined
      /** Accepted and not shown to the model: V3.1 does not see its earlier thinking. */
      readonly reasoning_content?: string | null | undefined
      readonly reasoning?: string | null | undefined
      readonly prefix?: boolean | null | undefined
    }
  | {
      readonly role: 'tool'
      readonly content?: RequestContent | null | undefined
      readonly tool_call_id?: string | null | undefined
    }

export interface RequestTool {
  readonly type: 'function'
  readonly function: {
    readonly name: string
    readonly description?: string | null | undefined
    /** A JSON Schema; absent: no arguments. */
    readonly parameters?: object | null | undefined
  }
}

export const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const
export type Effort = (typeof efforts)[number]

export interface ChatRequest {
  readonly model?: string | null | undefined
  readonly messages: readonly RequestMessage[]
  readonly stream?: boolean | null | undefined
  readonly stream_options?: { readonly include_usage?: boolean | null | undefined } | null | undefined
  readonly tools?: readonly RequestTool[] | null | undefined
  readonly tool_choice?: unknown
  readonly parallel_tool_calls?: boolean | null | undefined

  readonly max_tokens?: number | null | undefined
  readonly max_completion_tokens?: number | null | undefined
  readonly temperature?: number | null | undefined
  readonly top_p?: number | null | undefined
  /** 0 and -1 (as vLLM's clients write it): all. */
  readonly top_k?: number | null | undefined
  readonly min_p?: number | null | undefined
  readonly repetition_penalty?: number | null | undefined
  readonly presence_penalty?: number | null | undefined
  readonly frequency_penalty?: number | null | undefined
  /** By token id. */
  readonly logit_bias?: Readonly<Record<string, number>> | null | undefined
  readonly response_format?:
    | { readonly type: 'text' | 'json_object' }
    | { readonly type: 'json_schema'; readonly json_schema: { readonly schema?: object | null | undefined } }
    | null
    | undefined
  /** Tokens of thinking, after which the answer comes. */
  readonly thinking_budget?: number | null | undefined
  readonly seed?: number | null | undefined
  readonly stop?: string | readonly string[] | null | undefined

  // The thinking switch in its spellings: see thinking.ts.
  readonly thinking?:
    | boolean
    | { readonly type: 'enabled' | 'disabled' | 'adaptive' | 'auto' }
    | null
    | undefined
  readonly think?: boolean | Effort | null | undefined
  readonly chat_template_kwargs?:
    | {
        readonly thinking?: boolean | null | undefined
        readonly enable_thinking?: boolean | null | undefined
      }
    | null
    | undefined
  readonly reasoning?:
    | { readonly enabled?: boolean | null | undefined; readonly effort?: Effort | null | undefined }
    | null
    | undefined
  readonly reasoning_effort?: Effort | null | undefined
}
