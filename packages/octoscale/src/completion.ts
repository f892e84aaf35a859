/** Plain text that goes on where a prompt ends: no chat format, no parser. */
import type { Drafter, Engine, LogProbabilities } from '@octoscale/model'
import type { Tokenizer } from '@octoscale/tokenizer'
import type { GenerationDefaults } from './generation-config.ts'
import { type GenerationOptions, samplingOf, stopStrings, type Usage } from './generation-options.ts'

export interface CompletionOptions extends GenerationOptions {
  /**
   * Text, in which control tokens count, begun with the model's own begin token where it has one; or ids, taken as they
   * are. For untrusted text encode it with `{ addedTokens: false }`.
   */
  readonly prompt: string | readonly number[]
  /** With each token its log-probability, and those of this many likeliest ones, 0 .. 100. */
  readonly logProbabilities?: number
}

export interface CompletionResult {
  readonly text: string
  /** The generated ids, with the one that ended the text. */
  readonly ids: readonly number[]
  readonly finishReason: 'stop' | 'length'
  readonly usage: Usage
}

export type CompletionEvent =
  | { readonly type: 'text-delta'; readonly text: string }
  | ({ readonly type: 'token'; readonly id: number } & LogProbabilities)
  | { readonly type: 'finish'; readonly result: CompletionResult }

/** Where a text is computed. */
export interface CompletionContext {
  readonly engine: Engine
  readonly tokenizer: Tokenizer
  readonly generation: GenerationDefaults
  /** Makes what guesses for one text. */
  readonly drafter: (() => Drafter) | undefined
}

/** Streams one text. The last event is `finish`. Events of type `token` come with `logProbabilities` alone. */
export async function* streamCompletion(
  { engine, tokenizer, generation, drafter }: CompletionContext,
  options: CompletionOptions,
): AsyncGenerator<CompletionEvent, void> {
  const { prompt, maxTokens, logProbabilities, signal } = options
  signal?.throwIfAborted()
  const decoder = tokenizer.streamDecoder({ skipSpecialTokens: true })
  const ids: number[] = []
  let text = ''
  const startedAt = performance.now()
  let firstAt: number | undefined
  let lastAt = startedAt
  const given = typeof prompt === 'string' ? tokenizer.encode(prompt, { addSpecialTokens: true }) : prompt
  const events = engine.submit({
    prompt: given,
    maxTokens,
    logProbabilities,
    drafter: drafter?.(),
    sampling: samplingOf(options, generation),
    decode: (id) => decoder.push(id),
    stop: stopStrings(options.stop),
    signal,
  })
  for await (const event of events) {
    if (event.type === 'start') continue
    let piece = event.text
    if (event.type === 'token') {
      lastAt = performance.now()
      firstAt ??= lastAt
      ids.push(event.id)
      if (event.logProbabilities !== undefined)
        yield { type: 'token', id: event.id, ...event.logProbabilities }
    } else if (event.stop === undefined) {
      // Half a character at the end; before a stop string there is none.
      piece += decoder.finish()
    }
    text += piece
    if (piece !== '') yield { type: 'text-delta', text: piece }
    if (event.type !== 'finish') continue
    const { promptTokens, cachedTokens, generatedTokens, thinkingTokens, draftedTokens, acceptedTokens } =
      event.usage
    const usage = {
      promptTokens,
      cachedTokens,
      completionTokens: generatedTokens,
      thinkingTokens,
      draftedTokens,
      acceptedTokens,
      prefillMilliseconds: (firstAt ?? lastAt) - startedAt,
      decodeMilliseconds: lastAt - (firstAt ?? lastAt),
    }
    yield { type: 'finish', result: { text, ids, finishReason: event.reason, usage } }
  }
}
