/** What changes logits before probabilities are made of them. `logits` is never changed: a copy is, where needed. */
import { OptionError } from './errors.ts'
import type { SamplingSettings } from './sampling-options.ts'

/**
 * Logits with bias and penalties; the same array when there is nothing to do. `text`: prompt and generated ids, the last
 * `generated` of which are not of the prompt. Throws `OptionError` for a bias of an id that is none.
 */
export function adjust(
  logits: Float32Array,
  text: readonly number[],
  generated: number,
  settings: SamplingSettings,
): Float32Array {
  const { repetitionPenalty, presencePenalty, frequencyPenalty, logitBias } = settings
  let result = logits
  if (logitBias.size > 0) {
    result = logits.slice()
    for (const [id, bias] of logitBias) {
      if (id >= result.length) {
        const expected = `of ids in 0 .. ${result.length - 1}`
        throw new OptionError({ option: 'logitBias', expected, got: id })
      }
      result[id]! += bias
    }
  }
  result = penalise(result, text, repetitionPenalty)
  if (presencePenalty === 0 && frequencyPenalty === 0) return result
  const counts = new Map<number, number>()
  for (let i = text.length - generated; i < text.length; i++) {
    const id = text[i] as number
    counts.set(id, (counts.get(id) ?? 0) + 1)
  }
  if (result === logits) result = logits.slice()
  for (const [id, count] of counts) {
    if (id < result.length) result[id]! -= presencePenalty + frequencyPenalty * count
  }
  return result
}

/** Logits with the repetition penalty; the same array when there is nothing to do. */
export function penalise(logits: Float32Array, text: readonly number[], penalty: number): Float32Array {
  if (penalty === 1) return logits
  const result = logits.slice()
  for (const id of new Set(text)) {
    const logit = result[id]
    if (logit !== undefined) result[id] = logit > 0 ? logit / penalty : logit * penalty
  }
  return result
}
