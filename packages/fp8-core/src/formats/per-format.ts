import type { NumberFormat } from './number-format.ts'

/** What `make` gives for a format: made when first asked for, then shared, so not for callers outside. */
// Bundlers leave out the caches of what is not imported.
/* @__NO_SIDE_EFFECTS__ */
export function perFormat<Made extends object>(
  make: (info: NumberFormat) => Made,
): (info: NumberFormat) => Made {
  const known = new WeakMap<NumberFormat, Made>()
  return (info) => {
    let made = known.get(info)
    if (made === undefined) {
      made = make(info)
      known.set(info, made)
    }
    return made
  }
}
