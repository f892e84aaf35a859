/** In which bytes a cache holds a position. */
import type { DType } from '@octoscale/tensor'
import { OptionError } from './errors.ts'

/**
 * `f32` loses nothing and is the default: what a model says does not depend on its cache then. `f16` halves the memory, and the
 * likeliest token stays the same in 99.95 to 100 % of positions (docs/numerics.md, "Caches of other types"); `bf16` has
 * the same size and three bits less. `fp8` (E4M3, a scale for each group of a row) takes a little over a quarter, and changes
 * one token in twenty of the small models it was measured on.
 */
export type CacheType = 'f32' | 'f16' | 'bf16' | 'fp8'

/** One position in a cache tensor. */
export interface CacheRow {
  readonly shape: readonly number[]
  /** After so many values others begin, such as the next head's: with FP8 they share no scale. */
  readonly part: number
}

const dtypes: Readonly<Record<CacheType, { readonly dtype: DType; readonly bytes: number }>> = {
  f32: { dtype: 'f32', bytes: 4 },
  f16: { dtype: 'f16', bytes: 2 },
  bf16: { dtype: 'bf16', bytes: 2 },
  fp8: { dtype: 'f8_e4m3', bytes: 1 },
}

export const cacheTypes: readonly CacheType[] = Object.keys(dtypes) as CacheType[]

/** Values that share a scale at most, as in DeepSeek's activations. */
const widestGroup = 128

/** How a row lies in memory. */
export interface RowLayout {
  readonly dtype: DType
  /** Of all values, without scales. */
  readonly bytes: number
  /** `fp8`: values that share an f32 scale. */
  readonly group: number | undefined
}

/** Throws `OptionError` where the values of a row are no whole 32-bit words in that type. */
export function rowLayout({ shape, part }: CacheRow, type: CacheType): RowLayout {
  const { dtype, bytes: bytesPerValue } = dtypes[type]
  const bytes = shape.reduce((product, size) => product * size, bytesPerValue)
  const group = type === 'fp8' ? widestDivisor(part) : undefined
  if (bytes % 4 !== 0 || group === 0) {
    throw new OptionError({
      option: 'cacheType',
      expected: `f32 for a model whose cache rows have ${shape.join(' x ')} values, in parts of ${part}: no whole words`,
      got: type,
    })
  }
  return { dtype, bytes, group }
}

/** Scales of a row. */
export function groupsOf({ bytes, group }: RowLayout): number {
  return group === undefined ? 0 : Math.ceil(bytes / group)
}

/** The largest multiple of 4 up to 128 that divides `part`: a group never reaches into the next part. 0: there is none. */
function widestDivisor(part: number): number {
  for (let group = widestGroup; group > 0; group -= 4) if (part % group === 0) return group
  return 0
}
