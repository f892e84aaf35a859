/** The magnitudes of a format in ascending order: what rounding climbs. */

import type { NumberFormat } from '../formats/number-format.ts'
import { perFormat } from '../formats/per-format.ts'
import { rawMagnitude } from './decode.ts'
import { exponentOf, highWord } from './float64-bits.ts'

export interface Ladder {
  /**
   * By rank: from the smallest magnitude to `max`, and then those that overflow is measured against: one step more as
   * if the format went on, two for two's complement, whose negative side is one step longer.
   */
  readonly magnitudes: Float64Array
  /** Code of the magnitude by rank, to `max`. The parity of a rank is that of its code. */
  readonly codes: Uint16Array
  /** Code of the negative magnitude by rank; only that of -0 if the format has no negative values. */
  readonly negativeCodes: Uint16Array
  /** Rank of `max`: the last of `codes`. */
  readonly last: number
  readonly binades: Binades
}

/**
 * Where each binade [2^e, 2^(e + 1)) begins on the ladder, from the least one that has a magnitude. All magnitudes of
 * a binade are equally far apart, so that the first bits of a number's mantissa count the steps to it.
 */
interface Binades {
  readonly leastExponent: number
  /** Rank of 2^e, by `e - leastExponent`. */
  readonly first: Uint16Array
  /** How far the upper 20 mantissa bits of a float64 must be shifted right to be the number of steps above 2^e. */
  readonly shift: Uint8Array
}

/** Made once for each format and shared. */
export const ladderOf: (info: NumberFormat) => Ladder = perFormat(makeLadder)

function makeLadder(info: NumberFormat): Ladder {
  const all = Array.from({ length: 2 ** (info.bits - info.signBits) }, (_, code) => code)
  const codes = all.filter((code) => rawMagnitude(info, code) <= info.max)
  codes.sort((a, b) => rawMagnitude(info, a) - rawMagnitude(info, b))
  const twosComplement = info.negatives === 'twos-complement'
  const beyond = twosComplement ? [info.maxCode + 1, info.maxCode + 2] : [info.maxCode + 1]
  const magnitudes = Float64Array.from([...codes, ...beyond], (code) => rawMagnitude(info, code))
  return {
    magnitudes,
    codes: Uint16Array.from(codes),
    negativeCodes: Uint16Array.from(negativeCodes(info, codes)),
    last: codes.length - 1,
    binades: binadesOf(magnitudes),
  }
}

function negativeCodes(info: NumberFormat, codes: readonly number[]): number[] {
  const zero = codes[0]!
  if (info.negatives === 'none') return [zero]
  const sign = 2 ** (info.bits - 1)
  if (info.negatives === 'twos-complement') {
    return [zero, ...[...codes.slice(1), sign].map((code) => 2 * sign - code)]
  }
  return codes.map((code) => (code === zero && info.zero === 'unsigned' ? zero : sign + code))
}

function binadesOf(magnitudes: Float64Array): Binades {
  const start = magnitudes[0] === 0 ? 1 : 0
  const leastExponent = exponentOf(magnitudes[start]!)
  const first: number[] = []
  const shift: number[] = []
  for (let rank = start; rank < magnitudes.length; ) {
    const lower = magnitudes[rank]!
    const upper = magnitudes[rank + 1] ?? 2 * lower
    // The last binade may break off; its steps, too, are all like the first.
    const stepBits = exponentOf(lower / (upper - lower))
    first.push(rank)
    shift.push(20 - stepBits)
    rank += 2 ** stepBits
  }
  return { leastExponent, first: Uint16Array.from(first), shift: Uint8Array.from(shift) }
}

/** The greatest rank whose magnitude is at most `x >= 0`; -1 if `x` is below the smallest. */
export function rankAtMost({ magnitudes, binades }: Ladder, x: number): number {
  const word = highWord(x)
  const binade = (word >>> 20) - 1023 - binades.leastExponent
  // Only E8M0 has no zero at the foot of its ladder.
  if (binade < 0) return magnitudes[0] === 0 ? 0 : -1
  const top = magnitudes.length - 1
  if (binade >= binades.first.length) return top
  return Math.min(binades.first[binade]! + ((word & 0xfffff) >>> binades.shift[binade]!), top)
}
