/** From values to places on a line. */

export type ScaleKind = 'linear' | 'logarithmic'

export interface Axis {
  readonly kind: ScaleKind
  /** The values at the left and right end; finite. */
  readonly low: number
  readonly high: number
  /** The smallest positive value of the format: where the logarithmic scale passes to a linear one. */
  readonly smallest: number
  /** The places of `low` and `high`, in pixels. */
  readonly left: number
  readonly right: number
}

/** Where a value stands, in pixels. A value outside the axis, also an infinite one, stands `beyond` one of the ends. */
export interface Place {
  readonly x: number
  readonly beyond: 'left' | 'right' | undefined
}

/** The place of each value that is no NaN. */
export function createScale(axis: Axis): (value: number) => Place {
  const { low, high, left, right } = axis
  const stretch = axis.kind === 'linear' ? halved : (value: number) => signedLogarithm(value, axis.smallest)
  const start = stretch(low)
  const length = stretch(high) - start
  return (value) => {
    if (value < low) return { x: left, beyond: 'left' }
    if (value > high) return { x: right, beyond: 'right' }
    const share = length === 0 ? 0.5 : (stretch(value) - start) / length
    return { x: left + share * (right - left), beyond: undefined }
  }
}

/** So that the length of the whole of float64 does not overflow. */
function halved(value: number): number {
  return value / 2
}

/**
 * A logarithm that goes through zero: sign(v) * (1 + log2(|v| / smallest)), and v / smallest below the smallest value,
 * so that zero, too, has a place, one step below the smallest, and negative values mirror the positive ones.
 */
function signedLogarithm(value: number, smallest: number): number {
  const magnitude = Math.abs(value)
  if (magnitude < smallest) return value / smallest
  // Two logarithms: the quotient of a large and a small number would overflow.
  return Math.sign(value) * (1 + Math.log2(magnitude) - Math.log2(smallest))
}
