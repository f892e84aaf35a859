/** Runs of numbers of one block to codes, and what that loses. */
import { decodeTable } from '../bulk/decode-table.ts'
import { fillEncodeTable, keptBits } from '../bulk/encode-table.ts'
import { type SimdEncoder, simdEncoder, simdPart } from '../bulk/simd-encoder.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { encoder } from '../scalar/encode.ts'
import { FLOAT32_MAX, isPowerOfTwo } from '../scalar/float64-bits.ts'
import type { Division } from './recipes.ts'

export interface BlockEncoder {
  /** `codes[i] = encode(f32(values[i] / scale))` for `start <= i < end`; numbers and scale are finite, the scale positive. */
  readonly encode: (
    values: Float32Array,
    start: number,
    end: number,
    scale: number,
    codes: Uint8Array,
  ) => void
  /** The sum of `(values[i] - decode(code) * scale)^2`, in float64. */
  readonly squaredError: (values: Float32Array, start: number, end: number, scale: number) => number
}

/** Rounds as the format's makers say (`nearest`), and saturates; the -2 of two's complement is never written. */
const options = { rounding: 'nearest', overflow: 'saturate' } as const

/** @param count how many numbers there will be: for few, making a table takes longer than doing without. */
export function blockEncoder(info: NumberFormat, division: Division, count: number): BlockEncoder {
  const table = tableFor(info, count)
  const plain = table === undefined ? scalarEncoder(info, division) : tableEncoder(info, division, table)
  const simd = simdEncoder(info, options)
  return simd === undefined ? plain : runsBySimd(simd, division, plain)
}

// For shorter runs the calls take longer than the numbers.
const worthSimd = 48

function runsBySimd(simd: SimdEncoder, division: Division, plain: BlockEncoder): BlockEncoder {
  return {
    ...plain,
    encode(values, start, end, scale, codes) {
      if (end - start < worthSimd) return plain.encode(values, start, end, scale, codes)
      const factor = factorOf(scale, division)
      for (let from = start; from < end; from += simdPart) {
        const to = Math.min(from + simdPart, end)
        const done = simd(values, from, to, codes, factor === 0 ? 1 : factor, factor === 0 ? scale : 1)
        if (!done) plain.encode(values, from, to, scale, codes)
      }
    },
  }
}

function tableEncoder(info: NumberFormat, division: Division, { codes: table, cut }: Table): BlockEncoder {
  const decoded = decodeTable(info)
  const float = new Float32Array(1)
  const word = new Int32Array(float.buffer)
  const low = 2 ** cut - 1
  return {
    encode(values, start, end, scale, codes) {
      const factor = factorOf(scale, division)
      if (factor === 0) {
        for (let i = start; i < end; i++) {
          float[0] = values[i]! / scale
          const bits = word[0]!
          codes[i] = table[(bits >>> cut) + (((bits + low) | 0) >>> cut)]!
        }
        return
      }
      for (let i = start; i < end; i++) {
        float[0] = values[i]! * factor
        const bits = word[0]!
        codes[i] = table[(bits >>> cut) + (((bits + low) | 0) >>> cut)]!
      }
    },
    squaredError(values, start, end, scale) {
      const factor = factorOf(scale, division)
      let sum = 0
      for (let i = start; i < end; i++) {
        const value = values[i]!
        float[0] = factor === 0 ? value / scale : value * factor
        const bits = word[0]!
        const error = value - decoded[table[(bits >>> cut) + (((bits + low) | 0) >>> cut)]!]! * scale
        sum += error * error
      }
      return sum
    },
  }
}

function scalarEncoder(info: NumberFormat, division: Division): BlockEncoder {
  const decoded = decodeTable(info)
  const encodeOne = encoder(info, options)
  const codeOf = (value: number, scale: number, factor: number): number =>
    symmetric(info, encodeOne(Math.fround(factor === 0 ? value / scale : value * factor)))
  return {
    encode(values, start, end, scale, codes) {
      const factor = factorOf(scale, division)
      for (let i = start; i < end; i++) codes[i] = codeOf(values[i]!, scale, factor)
    },
    squaredError(values, start, end, scale) {
      const factor = factorOf(scale, division)
      let sum = 0
      for (let i = start; i < end; i++) {
        const error = values[i]! - decoded[codeOf(values[i]!, scale, factor)]! * scale
        sum += error * error
      }
      return sum
    },
  }
}

/**
 * What numbers are multiplied by instead of being divided by `scale`; 0 to divide. By powers of two both give the same,
 * and the product is faster. Finite also for tiny scales, as in Transformer Engine, so that 0 times it is 0.
 */
function factorOf(scale: number, division: Division): number {
  const inverse = Math.min(Math.fround(1 / scale), FLOAT32_MAX)
  return division === 'reciprocal' || (isPowerOfTwo(scale) && inverse * scale === 1) ? inverse : 0
}

/** -2 of two's complement, which has no positive partner, as the code next to it. */
function symmetric(info: NumberFormat, code: number): number {
  return info.negatives === 'twos-complement' && code === 2 ** (info.bits - 1) ? code + 1 : code
}

interface Table {
  readonly codes: Uint8Array
  /** How many low bits of a float32 the index leaves out, see `encode-table.ts`. */
  readonly cut: number
}

const tables = new WeakMap<NumberFormat, Table>()

/** The table of a format, made when there is enough to encode; `undefined` before, and for formats beyond float32. */
function tableFor(info: NumberFormat, count: number): Table | undefined {
  const known = tables.get(info)
  if (known !== undefined) return known
  const kept = keptBits(info)
  if (kept === undefined || count < 2 ** (kept + 1)) return undefined
  const codes = fillEncodeTable(new Uint8Array(2 ** (kept + 1)), info, kept, kept, options)
  for (const [index, code] of codes.entries()) codes[index] = symmetric(info, code)
  const table = { codes, cut: 32 - kept }
  tables.set(info, table)
  return table
}
