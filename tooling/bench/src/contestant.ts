/** What takes part in a benchmark of decoding, and what a round of it gives. */

/** Tokens of the prompt and of the answer. */
export const PROMPT = 256
export const GENERATED = 64
/** Positions that every contestant keeps a cache for. */
export const CONTEXT = 512

/** Tokens per second. */
export interface Speeds {
  readonly prefill: number
  readonly decode: number
}

export interface Contestant {
  readonly name: string
  /** Bytes that decoding a token reads. */
  readonly bytes: number
  /** A prompt of about `PROMPT` tokens that no earlier round had, then `GENERATED` more. */
  measure(round: number): Promise<Speeds>
}

/** A model that is given ids: ours, and llama.cpp through node-llama-cpp. */
export interface Runner {
  /** Tokens at positions `0 .. ids.length - 1`, then the logits of the last. */
  prefill(ids: readonly number[]): Promise<void>
  /** `count` tokens, each the likeliest after the one before, which stands at `position - 1`. */
  generate(count: number, position: number): Promise<void>
}

/** Both halves of a round by the clock. `vocabulary`: ids are below it. */
export async function timed(runner: Runner, vocabulary: number, round: number): Promise<Speeds> {
  const id = (_: unknown, i: number): number => 300 + (((i + round) * 7919) % (vocabulary - 300))
  const ids = Array.from({ length: PROMPT }, id)
  const start = performance.now()
  await runner.prefill(ids)
  const middle = performance.now()
  await runner.generate(GENERATED, PROMPT)
  const end = performance.now()
  return { prefill: (PROMPT / (middle - start)) * 1000, decode: (GENERATED / (end - middle)) * 1000 }
}
