import type { Pools } from './pools/pools.ts'
import type { Random } from './random.ts'

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

export interface ToolCall {
  readonly name: string
  /** JSON text, exactly as the model is to write it. */
  readonly arguments: string
}

export interface ToolDefinition {
  readonly name: string
  readonly description: string
  readonly parameters: { readonly [key: string]: Json }
}

export interface AssistantMessage {
  readonly role: 'assistant'
  readonly content: string
  /** Present only on the last turn of a thinking conversation. */
  readonly thought?: string
  readonly calls?: readonly ToolCall[]
}

export type Message =
  | { readonly role: 'system' | 'user' | 'tool'; readonly content: string }
  | AssistantMessage

/** What a scorer needs to judge an answer; every row uses the fields it has. */
export interface Expectation {
  readonly kind: 'calls' | 'no-call' | 'number' | 'contains' | 'exact' | 'mode'
  readonly calls?: readonly ToolCall[]
  readonly values?: readonly string[]
  readonly number?: string
}

export interface Conversation {
  readonly thinking: boolean
  readonly tools?: readonly ToolDefinition[]
  readonly messages: readonly Message[]
  readonly expect: Expectation
}

export interface Segment {
  readonly text: string
  readonly loss: boolean
}

export interface Context {
  readonly random: Random
  readonly pools: Pools
  /** Evaluation instances use held-out strings and the single-turn form of a task. */
  readonly evaluation: boolean
}

/** A call yields one document or a few that belong together. */
export type TaskList = (context: Context) => Conversation[]
