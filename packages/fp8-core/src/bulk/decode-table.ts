import type { NumberFormat } from '../formats/number-format.ts'
import { values } from '../scalar/decode.ts'

const tables = new WeakMap<NumberFormat, Float32Array>()
const wideTables = new WeakMap<NumberFormat, Float64Array>()

/** All values of a format as float32, by code: 256 entries for FP8. Made once and shared, so not for callers outside. */
export function decodeTable(info: NumberFormat): Float32Array {
  let table = tables.get(info)
  if (table === undefined) {
    table = Float32Array.from(decodeTable64(info))
    tables.set(info, table)
  }
  return table
}

/** The same as float64. */
export function decodeTable64(info: NumberFormat): Float64Array {
  let table = wideTables.get(info)
  if (table === undefined) {
    table = values(info)
    wideTables.set(info, table)
  }
  return table
}
