/** Who guesses how a text goes on. Guesses are checked by the model: wrong ones cost time, never the text. */
export interface Drafter {
  /**
   * Up to `limit` ids that may follow `ids` (prompt and generated so far). Asked before each step of a text that is
   * being generated; [] when there is no guess. All requests wait for the answer.
   */
  draft(ids: readonly number[], limit: number): readonly number[]
}
