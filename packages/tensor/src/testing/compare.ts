/** The comparison of one output tensor, and the report of its worst element. */
import { shapeText } from '../views.ts'

export interface Comparison {
  /** `max |candidate - reference| / rms(reference)`; Infinity when one is NaN or infinite and the other is not. */
  readonly error: number
  /** Coordinates of the worst element. */
  readonly at: readonly number[]
  readonly reference: number
  readonly candidate: number
}

/** Both arrays row-major with `shape`. Equal infinities and two NaNs count as equal. */
export function compare(
  reference: ArrayLike<number>,
  candidate: ArrayLike<number>,
  shape: readonly number[],
): Comparison {
  let squares = 0
  let finite = 0
  let worst = 0
  let worstDifference = 0
  for (let i = 0; i < reference.length; i++) {
    const [r, c] = [reference[i]!, candidate[i] ?? Number.NaN]
    if (Number.isFinite(r)) {
      squares += r * r
      finite++
    }
    const same = r === c || (Number.isNaN(r) && Number.isNaN(c))
    const difference = same ? 0 : Math.abs(r - c)
    // A difference that is NaN or infinite is worse than any other.
    const size = Number.isFinite(difference) ? difference : Infinity
    if (size > worstDifference) {
      worstDifference = size
      worst = i
    }
  }
  const rms = Math.sqrt(squares / Math.max(1, finite))
  const error = worstDifference === 0 ? 0 : worstDifference / rms
  return { error, at: coordinates(worst, shape), reference: reference[worst]!, candidate: candidate[worst]! }
}

/** One line: what differs most, where, and by how much. */
export function describeComparison(output: string, { error, at, reference, candidate }: Comparison): string {
  return `${output}${shapeText(at)}: reference ${reference}, candidate ${candidate}, error ${error.toExponential(2)}`
}

function coordinates(index: number, shape: readonly number[]): number[] {
  const at: number[] = []
  let rest = index
  for (const size of [...shape].reverse()) {
    at.unshift(rest % size)
    rest = Math.floor(rest / size)
  }
  return at
}
