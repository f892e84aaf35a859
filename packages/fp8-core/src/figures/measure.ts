/** SQNR of each scheme on each distribution. */

import { dequantize, quantize } from '../blocks/block-scaling.ts'
import { decodeArray, encodeArray } from '../bulk/arrays.ts'
import { sqnr } from '../metrics/metrics.ts'
import { type Distribution, distributions, samples } from './distributions.ts'
import { type Scheme, schemes } from './schemes.ts'

/** Rows and columns of the matrix: 2^20 numbers for the table, fewer of them for a quick look. */
export const shapes: Readonly<Record<'whole' | 'part', readonly [number, number]>> = {
  whole: [1024, 1024],
  part: [16, 256],
}

/** Decibels in the order of the distributions, to four digits after the point. */
export interface Measured {
  readonly scheme: string
  readonly whole: readonly number[]
  /** Of the first numbers only: what the tests measure again. */
  readonly part: readonly number[]
}

/** Every scheme on both shapes; takes some ten seconds. */
export function measureAll(): Measured[] {
  const whole = measure(shapes.whole)
  const part = measure(shapes.part)
  return schemes.map(({ name }, i) => ({ scheme: name, whole: whole[i]!, part: part[i]! }))
}

/** For each of the rows the decibels on each of the columns. */
export function measure(
  shape: readonly [number, number],
  rows: readonly Scheme[] = schemes,
  columns: readonly Distribution[] = distributions,
): number[][] {
  const data = columns.map((distribution) => samples(distribution, shape[0] * shape[1]))
  return rows.map((scheme) => data.map((x) => Number(sqnr(x, roundTrip(scheme, x, shape)).toFixed(4))))
}

function roundTrip({ how }: Scheme, x: Float32Array, shape: readonly [number, number]): Float32Array {
  if ('recipe' in how) return dequantize(quantize(x, shape, how.recipe))
  return decodeArray(encodeArray(x, how.cast, undefined, { overflow: 'saturate' }), how.cast)
}
