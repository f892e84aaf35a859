/** How likely the model found a token, and what it found likelier. */
import { largest } from './descending.ts'

export interface LogProbabilities {
  /** Of the token that was taken. */
  readonly chosen: number
  /** The most likely tokens, best first. */
  readonly top: readonly { readonly id: number; readonly logProbability: number }[]
}

/**
 * Natural logarithms of softmax(logits) at `id` and at the `count` largest: of the model's own logits, before bias,
 * penalties and temperature. `-Infinity` for a token that is impossible.
 */
export function logProbabilities(logits: Float32Array, id: number, count: number): LogProbabilities {
  let max = Number.NEGATIVE_INFINITY
  for (let i = 0; i < logits.length; i++) max = Math.max(max, logits[i] as number)
  let total = 0
  for (let i = 0; i < logits.length; i++) total += Math.exp((logits[i] as number) - max)
  const normalizer = max + Math.log(total)
  const of = (each: number): number => (logits[each] as number) - normalizer
  const top = largest(logits, count).map((each) => ({ id: each, logProbability: of(each) }))
  return { chosen: of(id), top }
}
