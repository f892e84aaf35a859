import type { NumberFormat } from '../formats/number-format.ts'
import { perFormat } from '../formats/per-format.ts'
import { values } from '../scalar/decode.ts'

/** All values of a format by code, as float64: 256 entries for FP8. */
export const decodeTable64: (info: NumberFormat) => Float64Array = perFormat(values)

/** The same as float32, which holds every value of every format. */
export const decodeTable: (info: NumberFormat) => Float32Array = perFormat((info) =>
  Float32Array.from(decodeTable64(info)),
)
