/** `GET /v1/models`: the one model there is, and how long a conversation it takes. */
import type { Engine } from './engine.ts'

export interface WireModel {
  readonly id: string
  readonly object: 'model'
  /** Seconds since 1970. */
  readonly created: number
  readonly owned_by: string
  /** Tokens of the longest conversation, by the two names that clients look for. */
  readonly context_length: number
  readonly max_model_len: number
  readonly meta: { readonly n_params: number; readonly size: number }
}

export function wireModel(id: string, { info }: Engine, created: number): WireModel {
  return {
    id,
    object: 'model',
    created,
    owned_by: 'octoscale',
    context_length: info.contextLength,
    max_model_len: info.contextLength,
    meta: { n_params: info.parameters, size: info.bytes },
  }
}
