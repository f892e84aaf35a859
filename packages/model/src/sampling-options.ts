/** What a caller may say about how tokens are chosen, and the check of it. */
import { OptionError } from './errors.ts'

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
  /** Taken from the logits of tokens that were generated, however often; -2 .. 2, default 0. Prompts do not count. */
  readonly presencePenalty?: number | undefined
  /** Taken from the logit of a token once for each time it was generated; -2 .. 2, default 0. Prompts do not count. */
  readonly frequencyPenalty?: number | undefined
  /** Added to the logits of these ids, before the penalties; -100 .. 100, as a rule, forbids or all but forces one. */
  readonly logitBias?: Readonly<Record<number, number>> | undefined
  /** Integer in 0 .. 2^53 - 1. The same seed gives the same text; left out: a random one. */
  readonly seed?: number | undefined
}

/** The options, all there and checked. */
export type SamplingSettings = Readonly<
  Record<Exclude<keyof SamplingOptions, 'logitBias'>, number> & { logitBias: ReadonlyMap<number, number> }
>

/** Throws `OptionError`. */
export function checkSampling(options: SamplingOptions): SamplingSettings {
  const {
    temperature = 1,
    topK = 0,
    topP = 1,
    minP = 0,
    repetitionPenalty = 1,
    presencePenalty = 0,
    frequencyPenalty = 0,
    seed = crypto.getRandomValues(new Uint32Array(1))[0] as number,
  } = options
  const check = (option: string, got: number, valid: boolean, expected: string): void => {
    // Texts compare like numbers, and would be taken as such here and there.
    if (!valid || typeof got !== 'number') throw new OptionError({ option, expected, got })
  }
  const within = (value: number, limit: number): boolean => value >= -limit && value <= limit
  check('temperature', temperature, temperature >= 0 && temperature <= 100, 'a number in 0 .. 100')
  check('topK', topK, Number.isSafeInteger(topK) && topK >= 0, 'an integer >= 0')
  check('topP', topP, topP > 0 && topP <= 1, 'a number in 0 .. 1, not 0')
  check('minP', minP, minP >= 0 && minP <= 1, 'a number in 0 .. 1')
  const penaltyValid = repetitionPenalty > 0 && repetitionPenalty <= 100
  check('repetitionPenalty', repetitionPenalty, penaltyValid, 'a number in 0 .. 100, not 0')
  check('presencePenalty', presencePenalty, within(presencePenalty, 2), 'a number in -2 .. 2')
  check('frequencyPenalty', frequencyPenalty, within(frequencyPenalty, 2), 'a number in -2 .. 2')
  check('seed', seed, Number.isSafeInteger(seed) && seed >= 0, 'an integer in 0 .. 2^53 - 1')
  const logitBias = new Map<number, number>()
  for (const [key, bias] of Object.entries(options.logitBias ?? {})) {
    const id = Number(key)
    check(`logitBias[${key}]`, bias, within(bias, 1000), 'a number in -1000 .. 1000')
    check('logitBias', id, Number.isSafeInteger(id) && id >= 0, 'of ids, integers >= 0')
    logitBias.set(id, bias)
  }
  return {
    temperature,
    topK,
    topP,
    minP,
    repetitionPenalty,
    presencePenalty,
    frequencyPenalty,
    logitBias,
    seed,
  }
}
