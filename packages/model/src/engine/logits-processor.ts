/** Where something else than the sampler has a say in the next token: grammars, thinking budgets. */
export interface LogitsProcessor {
  /**
   * Changes the logits of the next token in place, `[vocabulary]`; -Infinity: never. `ids`: generated so far, without the
   * prompt. What it throws ends this request alone. Called in the order of the text, also with drafts: never for ids
   * that are taken back.
   */
  process(logits: Float32Array, ids: readonly number[]): void
  /** The token that was taken, or forced. Called once for each, in order. */
  accept?(id: number): void
  /** Ids that must come next; none when there is a choice. They are taken without being computed one by one. */
  forced?(): readonly number[]
}
