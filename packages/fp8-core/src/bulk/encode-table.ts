/**
 * Encoding by a table that is indexed by the upper bits of a float32.
 *
 * Let w be the bits of a float32 and c = w >>> s, the bits kept. Its index is floor(w / 2^s) + ceil(w / 2^s): 2c if the
 * bits cut away are 0, otherwise 2c + 1. So an even index is one number and an odd one the open interval between two.
 * If all values of a format and all midpoints of neighbours have even indices, no rule can tell apart the numbers of
 * an odd one: the entry is what `encoder` says to any of them.
 */

import type { NumberFormat } from '../formats/number-format.ts'
import { type EncodeOptions, encoder } from '../scalar/encode.ts'
import { ladderOf } from '../scalar/ladder.ts'

const float = new Float32Array(1)
const word = new Uint32Array(float.buffer)

/**
 * How many upper bits of a float32 make all values and midpoints exact: 13 for E4M3, 11 for E8M0 (without float32's
 * subnormals it would be 10), 16 for INT8, 17 for bf16. `undefined` if one of them is not a float32.
 */
export function keptBits(info: NumberFormat): number | undefined {
  const { magnitudes, last } = ladderOf(info)
  let bits = 1
  // What is above the midpoint beyond the largest value overflows; so does what is beyond two's complement's least
  // value, whose magnitude, a power of two, needs no bits.
  for (let rank = 0; rank <= last; rank++) {
    for (const boundary of [magnitudes[rank]!, magnitudes[rank]! / 2 + magnitudes[rank + 1]! / 2]) {
      float[0] = boundary
      if (float[0] !== boundary || boundary === Infinity) return undefined
      // Position of the lowest bit set.
      if (boundary > 0) bits = Math.max(bits, Math.clz32(word[0]! & -word[0]!) + 1)
    }
  }
  return bits
}

/**
 * The codes of all indices for `kept` bits, 2^(kept + 1) of them, spread over the indices for `wide >= kept` bits,
 * because a loop whose shift is a constant is faster than one for all widths. Where the format has no code for NaN
 * the entry is 0. Negative NaNs with all bits set wrap around to index 2^kept - 1, which is another NaN.
 */
export function fillEncodeTable<Table extends Uint8Array | Uint16Array>(
  table: Table,
  info: NumberFormat,
  kept: number,
  wide: number,
  options: EncodeOptions,
): Table {
  const encodeOne = encoder(info, options)
  const cut = 32 - kept
  const narrow = Uint16Array.from({ length: 2 ** (kept + 1) }, (_, index) => {
    word[0] = ((index >>> 1) << cut) | (index & 1)
    const value = float[0]!
    return Number.isNaN(value) ? (info.nanCode ?? 0) : encodeOne(value)
  })
  const finer = wide - kept
  for (let index = 0; index < table.length; index++) {
    // 2c + 1 of the finer index if any of the bits between the two widths, or the last one, is set.
    const inexact = (index & (2 ** (finer + 1) - 1)) === 0 ? 0 : 1
    table[index] = narrow[((index >>> (finer + 1)) << 1) | inexact]!
  }
  return table
}
