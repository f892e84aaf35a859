/** The numbers of a format in the order of their values, for neighbours and for drawing. */
import { type NumberFormat, values } from '@octoscale/fp8-core'

/** Every number of a format once, ascending: no NaN, infinities where the format has them, and 0 for both zeros. */
export interface OrderedValues {
  readonly values: Float64Array
  /** `codes[i]` is a code of `values[i]`; the zero has the code of +0. */
  readonly codes: Uint32Array
  /** `values[firstFinite] .. values[lastFinite]` are finite. */
  readonly firstFinite: number
  readonly lastFinite: number
}

const made = new WeakMap<NumberFormat, OrderedValues>()

/** Made once for each format (65,536 numbers for the 16-bit ones) and shared. */
export function orderedValues(format: NumberFormat): OrderedValues {
  let ordered = made.get(format)
  if (ordered === undefined) {
    ordered = order(values(format))
    made.set(format, ordered)
  }
  return ordered
}

function order(all: Float64Array): OrderedValues {
  const codeOf = new Map<number, number>()
  // A Map takes -0 and 0 as one key, and the code that is set last stays: so from the highest code down, and -0 goes.
  for (let code = all.length - 1; code >= 0; code--) {
    const value = all[code]!
    if (!Number.isNaN(value)) codeOf.set(value, code)
  }
  const sorted = Float64Array.from(codeOf.keys()).sort()
  return {
    values: sorted,
    codes: Uint32Array.from(sorted, (value) => codeOf.get(value)!),
    firstFinite: sorted.findIndex(Number.isFinite),
    lastFinite: sorted.findLastIndex(Number.isFinite),
  }
}

/** The index of the first value that is at least `value`; the length when none is. Not for NaN. */
export function indexFrom({ values }: OrderedValues, value: number): number {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (values[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
