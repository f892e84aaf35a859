import { values } from './decode.ts'
import type { NumberFormat } from './formats.ts'

const tables = new WeakMap<NumberFormat, Float32Array>()

/** All values of a format as float32, by code: 256 entries for FP8. Made once and shared, so not for callers outside. */
export function decodeTable(info: NumberFormat): Float32Array {
  let table = tables.get(info)
  if (table === undefined) {
    table = Float32Array.from(values(info))
    tables.set(info, table)
  }
  return table
}
