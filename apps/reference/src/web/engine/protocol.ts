/** What the page and the worker that runs the model say to each other: plain data, so that it can be posted. */
import type { ChatEvent, ChatOptions, LlmInfo } from 'octoscale'

/** Answers carry the `id` of their request. */
export type ToWorker =
  | { readonly type: 'load'; readonly id: number; readonly backend: string }
  | { readonly type: 'chat'; readonly id: number; readonly options: Omit<ChatOptions, 'signal'> }
  /** Ends the request with that id; it then fails with an AbortError. */
  | { readonly type: 'stop'; readonly id: number }
  | { readonly type: 'dispose'; readonly id: number }

export type FromWorker =
  /** Sent once, unasked: the names that `load` takes as backend here. */
  | { readonly type: 'ready'; readonly backends: readonly string[] }
  | ({ readonly type: 'progress'; readonly id: number } & LoadProgress)
  | { readonly type: 'loaded'; readonly id: number; readonly info: LlmInfo }
  | { readonly type: 'event'; readonly id: number; readonly event: ChatEvent }
  /** The request ended well: after the last event of a chat, or when the model is gone. */
  | { readonly type: 'done'; readonly id: number }
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorFacts }

/** `download`: bytes of the weights; the total is unknown when the host does not tell. `weights`: bytes decoded. */
export interface LoadProgress {
  readonly phase: 'download' | 'weights'
  readonly bytes: number
  readonly totalBytes: number | undefined
}

/** An error as data: what posting an Error would lose is its class name and its own fields. */
export interface ErrorFacts {
  readonly name: string
  readonly message: string
  readonly fields: Readonly<Record<string, string | number | boolean>>
}
