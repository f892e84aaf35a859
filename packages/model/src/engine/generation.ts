/** One request on its way: from rows of logits to tokens, texts and the end. Knows nothing of caches or other requests. */
import { OptionError } from '../errors.ts'
import { logProbabilities } from '../log-probabilities.ts'
import { createSampler, greedy, type Sampler } from '../sampler.ts'
import type { LogitsProcessor } from './logits-processor.ts'
import type { ChosenToken, EngineRequest, FinishEvent } from './request.ts'
import { createStopFilter, type StopFilter } from './stop-strings.ts'
import { ThinkingBudget } from './thinking-budget.ts'

export type Ending = Pick<FinishEvent, 'reason' | 'stop' | 'text'>

export class Generation {
  /** Ids generated so far. */
  readonly ids: number[] = []
  readonly #request: EngineRequest
  readonly #sampler: Sampler
  readonly #stopIds: ReadonlySet<number>
  readonly #limit: number
  readonly #budget: ThinkingBudget | undefined
  readonly #processors: readonly LogitsProcessor[]
  readonly #filter: StopFilter | undefined
  #forced: number[] = []
  #ending: Ending | undefined

  /** `limit`: tokens there is room for. Throws `OptionError`. */
  constructor(request: EngineRequest, limit: number, stopIds: Iterable<number>) {
    const { sampling, thinking, processor, stop = [], decode } = request
    checkCount('maxTokens', request.maxTokens, 1, Number.MAX_SAFE_INTEGER)
    checkCount('logProbabilities', request.logProbabilities, 0, 100)
    if (stop.some((text) => typeof text !== 'string' || text === '')) {
      throw new OptionError({ option: 'stop', expected: 'non-empty texts', got: stop })
    }
    if (stop.length > 0 && decode === undefined) {
      throw new OptionError({ option: 'decode', expected: 'given, as stop is', got: undefined })
    }
    this.#request = request
    this.#sampler = typeof sampling === 'function' ? sampling : sampling ? createSampler(sampling) : greedy
    this.#stopIds = new Set(request.stopIds ?? stopIds)
    this.#limit = Math.min(request.maxTokens ?? limit, limit)
    this.#budget = thinking === undefined ? undefined : new ThinkingBudget(thinking)
    this.#processors = [this.#budget, processor].filter((each) => each !== undefined)
    this.#filter = stop.length > 0 ? createStopFilter(stop) : undefined
  }

  /** Tokens that may still come. */
  get left(): number {
    return this.#ending === undefined ? this.#limit - this.ids.length : 0
  }

  /** How it ended, once it has. */
  get ending(): Ending | undefined {
    return this.#ending
  }

  get thinkingTokens(): number {
    return this.#budget?.tokens ?? 0
  }

  /**
   * The next token, chosen by `logits`, `[vocabulary]`, after `text` (prompt and generated ids). Changes `logits`.
   * Throws what the request's own functions throw, and `OptionError`.
   */
  choose(logits: Float32Array, text: readonly number[]): ChosenToken {
    const forced = this.#nextForced()
    if (forced !== undefined) return this.#take(forced)
    const count = this.#request.logProbabilities
    const own = count === undefined ? undefined : logits.slice()
    for (const processor of this.#processors) processor.process(logits, this.ids)
    const id = this.#sampler(logits, text, this.ids.length)
    if (!Number.isInteger(id) || id < 0 || id >= logits.length) {
      throw new OptionError({
        option: 'the sampler',
        expected: `an id in 0 .. ${logits.length - 1}`,
        got: id,
      })
    }
    return this.#take(id, own && logProbabilities(own, id, count as number))
  }

  /** A token that needs no logits, as it is forced; undefined when there is none. */
  takeForced(): ChosenToken | undefined {
    const id = this.#ending === undefined ? this.#forced.shift() : undefined
    return id === undefined ? undefined : this.#take(id)
  }

  #nextForced(): number | undefined {
    for (const processor of this.#processors) {
      if (this.#forced.length === 0) this.#forced = [...(processor.forced?.() ?? [])]
    }
    return this.#forced.shift()
  }

  #take(id: number, probabilities?: ChosenToken['logProbabilities']): ChosenToken {
    const index = this.ids.length
    const wasThinking = this.#budget?.thinking ?? false
    this.ids.push(id)
    for (const processor of this.#processors) processor.accept?.(id)
    const thinking = wasThinking || (this.#budget?.thinking ?? false)
    const event = { type: 'token', id, index, thinking } as const
    const extra = probabilities === undefined ? {} : { logProbabilities: probabilities }
    if (this.#stopIds.has(id)) {
      this.#end('stop')
      return { ...event, text: '', ...extra }
    }
    const decoded = this.#request.decode?.(id) ?? ''
    const filtered = thinking ? undefined : this.#filter?.push(decoded)
    if (filtered?.stop !== undefined) this.#ending = { reason: 'stop', stop: filtered.stop, text: '' }
    else if (this.ids.length >= this.#limit) this.#end('length')
    return { ...event, text: filtered?.text ?? decoded, ...extra }
  }

  #end(reason: 'stop' | 'length'): void {
    this.#ending = { reason, stop: undefined, text: this.#filter?.finish() ?? '' }
  }
}

function checkCount(option: string, got: number | undefined, min: number, max: number): void {
  if (got === undefined || (Number.isSafeInteger(got) && got >= min && got <= max)) return
  const expected = max === Number.MAX_SAFE_INTEGER ? `an integer >= ${min}` : `an integer in ${min} .. ${max}`
  throw new OptionError({ option, expected, got })
}
