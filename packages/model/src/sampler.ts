/**
 * From logits to the next token. The order of the steps is the one of transformers:
 * bias and penalties, temperature, top-k, top-p, min-p. All functions are pure; `logits` is never changed.
 */
import { descending, largest } from './descending.ts'
import { OptionError } from './errors.ts'
import { adjust } from './penalties.ts'
import { uniform } from './random.ts'
import { checkSampling, type SamplingOptions, type SamplingSettings } from './sampling-options.ts'

/**
 * Chooses the next token: `logits` is `[vocabulary]`, `text` the ids so far (prompt and generated), `index` counts
 * generated tokens from 0. Returns an id. Must not keep or change `logits`.
 */
export type Sampler = (logits: Float32Array, text: readonly number[], index: number) => number

/** Tokens that may be chosen, with probabilities that add up to 1. */
export interface Candidates {
  readonly ids: readonly number[]
  readonly probabilities: readonly number[]
}

/** Always the most likely token. */
export const greedy: Sampler = (logits) => argmax(logits)

/** A sampler with checked options. Throws `OptionError` for one out of its range. */
export function createSampler(options: SamplingOptions = {}): Sampler {
  const settings = checkSampling(options)
  const { temperature, seed } = settings
  return (logits, text, index) => {
    const adjusted = adjust(logits, text, index, settings)
    if (temperature === 0) return argmax(adjusted)
    return pick(candidates(adjusted, settings), uniform(seed, index))
  }
}

/** Index of the largest logit; the lowest of equals. Throws `OptionError` on NaN and +Infinity. */
export function argmax(logits: Float32Array): number {
  let best = -1
  let max = Number.NEGATIVE_INFINITY
  for (let id = 0; id < logits.length; id++) {
    const logit = logits[id] as number
    if (!(logit < Number.POSITIVE_INFINITY)) throw notFinite(id, logit)
    if (logit > max) {
      max = logit
      best = id
    }
  }
  if (best < 0) throw notFinite(0, max)
  return best
}

/** The tokens that temperature (> 0), top-k, top-p and min-p leave, and their probabilities. */
export function candidates(
  logits: Float32Array,
  options: Pick<SamplingSettings, 'temperature' | 'topK' | 'topP' | 'minP'>,
): Candidates {
  const { temperature, topK, topP, minP } = options
  const max = logits[argmax(logits)] as number
  // Weights relative to the most likely token, whose weight is 1.
  const weights = new Float64Array(logits.length)
  let total = 0
  for (let id = 0; id < weights.length; id++) {
    const weight = Math.exp(((logits[id] as number) - max) / temperature)
    weights[id] = weight
    total += weight
  }
  // Ordered by logits: weights of unequal ones may round to the same number.
  let ids = topK === 0 ? undefined : largest(logits, topK)
  if (topP < 1) {
    // Tokens rarer than this do not add up to 1 - topP: the others are enough. The half is for rounding.
    const rare = (0.5 * (1 - topP) * total) / weights.length
    const best = ids ?? descending(logits, atLeast(weights, rare))
    ids = nucleus(best, weights, topP * (ids === undefined ? total : sum(ids, weights)))
  }
  const least = Math.max(minP, Number.MIN_VALUE)
  const kept =
    ids === undefined ? atLeast(weights, least) : ids.filter((id) => (weights[id] as number) >= least)
  const whole = sum(kept, weights)
  return { ids: kept, probabilities: kept.map((id) => (weights[id] as number) / whole) }
}

/** The candidate at point `u` in [0, 1) of the cumulated probabilities. */
export function pick({ ids, probabilities }: Candidates, u: number): number {
  let left = u
  for (let i = 0; i < ids.length; i++) {
    left -= probabilities[i] as number
    if (left < 0) return ids[i] as number
  }
  // Rounding may leave a remainder of about 1e-16: it belongs to the last candidate.
  return ids[ids.length - 1] as number
}

/** Ids with a weight of at least `least`, in order of ids. */
function atLeast(weights: Float64Array, least: number): number[] {
  const ids: number[] = []
  for (let id = 0; id < weights.length; id++) if ((weights[id] as number) >= least) ids.push(id)
  return ids
}

/** The shortest run of the most likely tokens (`best`: best first) with a weight of `enough` together. */
function nucleus(best: Iterable<number>, weights: Float64Array, enough: number): number[] {
  const kept: number[] = []
  let reached = 0
  for (const id of best) {
    kept.push(id)
    reached += weights[id] as number
    if (reached >= enough) break
  }
  return kept
}

function sum(ids: readonly number[], weights: Float64Array): number {
  let total = 0
  for (const id of ids) total += weights[id] as number
  return total
}

function notFinite(id: number, logit: number): OptionError {
  return new OptionError({
    option: `logits[${id}]`,
    expected: 'finite, or -Infinity if another one is finite',
    got: logit,
  })
}
