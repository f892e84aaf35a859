/**
 * Drafts of the multi-token-prediction layer: one id for each text in each step. The layer's cache rows depend on the id
 * after their position as well, so the last row of a page that texts share may be of another text's: that can make a guess
 * worse, never a text.
 */
import type { Piece, Sequence } from './sequence.ts'

export class MtpDrafts {
  readonly #vocabulary: number
  #asked: Sequence[] = []
  #guesses = new Map<Sequence, { readonly length: number; readonly id: number }>()

  constructor(vocabulary: number) {
    this.#vocabulary = vocabulary
  }

  /** After tokens were chosen: the rows of the step whose predictions are of use, those before the last id of a text. */
  ask(pieces: readonly Piece[]): Int32Array {
    const rows: number[] = []
    this.#asked = []
    let first = 0
    for (const { sequence, start, count, drafts } of pieces) {
      const { state, computed, ids } = sequence
      if (state === 'running' && computed === ids.length - 1) {
        rows.push(first + computed - 1 - start)
        this.#asked.push(sequence)
      }
      first += count + drafts
    }
    return Int32Array.from(rows)
  }

  /** The logits of the rows that were asked for. */
  set(logits: Float32Array): void {
    this.#guesses = new Map(
      this.#asked.map((sequence, row) => {
        const own = logits.subarray(row * this.#vocabulary, (row + 1) * this.#vocabulary)
        return [sequence, { length: sequence.ids.length, id: largest(own) }]
      }),
    )
  }

  /** The guess for a text, if there is one for what it is now. */
  take(sequence: Sequence): readonly number[] {
    const guess = this.#guesses.get(sequence)
    return guess?.length === sequence.ids.length ? [guess.id] : []
  }
}

/** Index of the largest value. What is no number is never the largest: a guess may be bad, but must be an id. */
function largest(values: Float32Array): number {
  let best = 0
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i
  return best
}
