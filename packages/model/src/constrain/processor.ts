/** Constraints where an engine asks for a change of logits. */
import type { Constraint } from './constraint.ts'

/** What the engine calls (`LogitsProcessor`). */
export interface ConstraintProcessor {
  /** Sets the logits of tokens that may not come to -Infinity. */
  process(logits: Float32Array): void
  /** Takes the token that was chosen. */
  accept(id: number): void
  /** Ids that must come next. */
  forced(): readonly number[]
}

/** Changes logits in place so that only what the constraint allows can be chosen. */
export function constraintProcessor(constraint: Constraint): ConstraintProcessor {
  return {
    process: (logits) => maskLogits(logits, constraint.mask()),
    accept: (id) => constraint.accept(id),
    forced: () => constraint.forcedTokens(),
  }
}

/** Sets the logits of all tokens whose bit is not set to -Infinity, also of those beyond the mask. */
export function maskLogits(logits: Float32Array, mask: Uint32Array): void {
  const covered = Math.min(logits.length, mask.length * 32)
  for (let word = 0; word * 32 < covered; word++) {
    const bits = mask[word] as number
    if (bits === 0xffffffff) continue
    const from = word * 32
    if (bits === 0) logits.fill(Number.NEGATIVE_INFINITY, from, from + 32)
    else {
      const to = Math.min(from + 32, covered)
      for (let id = from; id < to; id++) {
        if (((bits >>> (id - from)) & 1) === 0) logits[id] = Number.NEGATIVE_INFINITY
      }
    }
  }
  logits.fill(Number.NEGATIVE_INFINITY, covered)
}
