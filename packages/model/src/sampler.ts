/**
 * From logits to the next token. The order of the steps is the one of transformers:
 * repetition penalty, temperature, top-k, top-p, min-p. All functions are pure; `logits` is never changed.
 */
import { descending } from './descending.ts'
import { OptionError } from './errors.ts'
import { uniform } from './random.ts'

export interface SamplingOptions {
  /** 0: always the most likely token. Default 1. DeepSeek recommends 0.6 for V3.1. */
  readonly temperature?: number | undefined
  /** Keep the k most likely tokens; 0 (default): all. */
  readonly topK?: number | undefined
  /** Keep the smallest set of most likely tokens whose probability is at least p; default 1: all. */
  readonly topP?: number | undefined
  /** Keep tokens at least this many times as likely as the most likely one; default 0: all. */
  readonly minP?: number | undefined
  /**
   * Logits of tokens that stand in the text are divided by it if positive, multiplied if negative
   * (CTRL, arXiv 1909.05858). Default 1: none.
   */
  readonly repetitionPenalty?: number | undefined
  /** Integer in 0 .. 2^53 - 1. The same seed gives the same text; left out: a random one. */
  readonly seed?: number | undefined
}

/** The options, all there and checked. */
type Settings = Readonly<Record<keyof SamplingOptions, number>>

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
  const settings = checkOptions(options)
  const { temperature, seed } = settings
  return (logits, text, index) => {
    const penalised = penalise(logits, text, settings.repetitionPenalty)
    if (temperature === 0) return argmax(penalised)
    return pick(candidates(penalised, settings), uniform(seed, index))
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

/** The tokens that temperature (> 0), top-k, top-p and min-p leave, and their probabilities. */
export function candidates(
  logits: Float32Array,
  options: Pick<Settings, 'temperature' | 'topK' | 'topP' | 'minP'>,
): Candidates {
  const { temperature, topK, topP, minP } = options
  const max = logits[argmax(logits)] as number
  // Weights relative to the most likely token, whose weight is 1.
  const weights = Float64Array.from(logits, (logit) => Math.exp((logit - max) / temperature))
  let ids: number[]
  if (topK === 0 && topP === 1) {
    ids = [...weights.keys()]
  } else {
    // Ordered by logits: weights of unequal ones may round to the same number.
    ids = topK === 0 ? [] : take(logits, topK)
    if (topP < 1) ids = nucleus(logits, weights, topP, ids)
  }
  ids = ids.filter((id) => (weights[id] as number) > 0 && (weights[id] as number) >= minP)
  const total = sum(ids, weights)
  return { ids, probabilities: ids.map((id) => (weights[id] as number) / total) }
}

/** The candidate at point `u` in [0, 1) of the cumulated probabilities. */
export function pick({ ids, probabilities }: Candidates, u: number): number {
  let left = u
  for (const [i, id] of ids.entries()) {
    left -= probabilities[i] as number
    if (left < 0) return id
  }
  // Rounding may leave a remainder of about 1e-16: it belongs to the last candidate.
  return ids[ids.length - 1] as number
}

function take(logits: Float32Array, count: number): number[] {
  const ids: number[] = []
  for (const id of descending(logits)) {
    ids.push(id)
    if (ids.length === count) break
  }
  return ids
}

/** The shortest run of most likely tokens with probability >= topP, among `ids` (best first), or among all if empty. */
function nucleus(
  logits: Float32Array,
  weights: Float64Array,
  topP: number,
  ids: readonly number[],
): number[] {
  const total = ids.length > 0 ? sum(ids, weights) : weights.reduce((a, b) => a + b, 0)
  const kept: number[] = []
  let reached = 0
  for (const id of ids.length > 0 ? ids : descending(logits)) {
    kept.push(id)
    reached += weights[id] as number
    if (reached >= topP * total) break
  }
  return kept
}

function sum(ids: readonly number[], weights: Float64Array): number {
  return ids.reduce((total, id) => total + (weights[id] as number), 0)
}

function checkOptions(options: SamplingOptions): Settings {
  const {
    temperature = 1,
    topK = 0,
    topP = 1,
    minP = 0,
    repetitionPenalty = 1,
    seed = crypto.getRandomValues(new Uint32Array(1))[0] as number,
  } = options
  const check = (option: keyof SamplingOptions, got: number, valid: boolean, expected: string): void => {
    // Texts compare like numbers, and would be taken as such here and there.
    if (!valid || typeof got !== 'number') throw new OptionError({ option, expected, got })
  }
  check('temperature', temperature, temperature >= 0 && temperature <= 100, 'a number in 0 .. 100')
  check('topK', topK, Number.isSafeInteger(topK) && topK >= 0, 'an integer >= 0')
  check('topP', topP, topP > 0 && topP <= 1, 'a number in 0 .. 1, not 0')
  check('minP', minP, minP >= 0 && minP <= 1, 'a number in 0 .. 1')
  const penaltyValid = repetitionPenalty > 0 && repetitionPenalty <= 100
  check('repetitionPenalty', repetitionPenalty, penaltyValid, 'a number in 0 .. 100, not 0')
  check('seed', seed, Number.isSafeInteger(seed) && seed >= 0, 'an integer in 0 .. 2^53 - 1')
  return { temperature, topK, topP, minP, repetitionPenalty, seed }
}

function notFinite(id: number, logit: number): OptionError {
  return new OptionError({
    option: `logits[${id}]`,
    expected: 'finite, or -Infinity if another one is finite',
    got: logit,
  })
}
