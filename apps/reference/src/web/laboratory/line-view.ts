/** Which part of a format's numbers a value line shows. */
import type { NumberFormat } from '@octoscale/fp8-core'
import { indexFrom, orderedValues } from './ordered-values.ts'

export type ViewKind = 'near' | 'whole'

export interface LineView {
  /** The finite numbers of the format in view, ascending. */
  readonly ticks: Float64Array
  /** The ends of the line: the first and last tick, or the number itself where it is a little outside of them. */
  readonly low: number
  readonly high: number
}

/** Ticks on each side of the rounded value. */
const reach = 5

/**
 * @param number NaN shows the middle of the format.
 * @param rounded what the number became; `undefined`, NaN and infinities leave the number itself as the centre.
 */
export function lineView(
  kind: ViewKind,
  format: NumberFormat,
  number: number,
  rounded: number | undefined,
): LineView {
  const ordered = orderedValues(format)
  const { values, firstFinite, lastFinite } = ordered
  if (kind === 'whole') return viewOf(values.subarray(firstFinite, lastFinite + 1), number)
  const centre = Number.isFinite(rounded) ? rounded! : number
  const wanted = Number.isNaN(centre) ? values.length >> 1 : indexFrom(ordered, centre)
  const index = Math.min(Math.max(wanted, firstFinite), lastFinite)
  const start = Math.max(index - reach, firstFinite)
  return viewOf(values.subarray(start, Math.min(index + reach, lastFinite) + 1), number)
}

/** A number within half a length of the line stretches it; one farther off is marked at its end. */
function viewOf(ticks: Float64Array, number: number): LineView {
  const [first, last] = [ticks[0]!, ticks.at(-1)!]
  const margin = last / 2 - first / 2
  const stretches = number >= first - margin && number <= last + margin && Number.isFinite(number)
  return {
    ticks,
    low: stretches ? Math.min(first, number) : first,
    high: stretches ? Math.max(last, number) : last,
  }
}
