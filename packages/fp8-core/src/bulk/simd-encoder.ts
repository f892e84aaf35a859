/** Encoding by WebAssembly SIMD: for which formats and rules, and with what parameters. */
import type { NumberFormat } from '../formats/number-format.ts'
import { perFormat } from '../formats/per-format.ts'
import type { EncodeOptions } from '../scalar/encode.ts'
import { type SimdBench, simdBench, simdBenchSize } from './simd-bench.ts'

/**
 * Encodes `input[start .. end - 1]`, at most {@link simdPart} of them, into the same places of `codes`. False, and
 * nothing written, if there is a number among them that is not for it: NaN, an infinity, or one from
 * 2^(105 + mantissa bits) on. With a `factor` or a `divisor` what is encoded is the product or the quotient, as float32.
 */
export type SimdEncoder = (
  input: Float32Array,
  start: number,
  end: number,
  codes: Uint8Array,
  factor?: number,
  divisor?: number,
) => boolean

export const simdPart: number = simdBenchSize

/** How the kernels encode to a format by a rule; `undefined` if they cannot. Expects options that `encoder` takes. */
export function simdEncoder(info: NumberFormat, options: EncodeOptions): SimdEncoder | undefined {
  const { rounding = info.defaults.rounding, overflow = info.defaults.overflow } = options
  const nearestEven = rounding === 'nearest' || rounding === 'nearest-even'
  if (!nearestEven || !isSimdFormat(info)) return undefined
  // The code above that of the largest value is infinity's. When overflow gives NaN only the tables know.
  const hasNoneAbove = info.infinityCode === undefined && info.nanCode === undefined
  const largest = overflow === 'saturate' || hasNoneAbove ? info.maxCode : info.infinityCode
  const bench = simdBench()
  if (largest === undefined || bench === undefined) return undefined
  return (input, start, end, codes, factor = 1, divisor = 1) => {
    const count = end - start
    const { floats, kernels } = bench
    floats.set(count === input.length ? input : input.subarray(start, end))
    if (factor !== 1) kernels.multiply(count, factor)
    if (divisor !== 1) kernels.divide(count, divisor)
    if (!encodeBench(bench, info, count, largest)) return false
    codes.set(bench.codes.subarray(0, count), start)
    return true
  }
}

/** Sign, exponent and 1 to 4 bits of mantissa, in at most a byte, with subnormals; far from the ends of float32. */
function isSimdFormat(info: NumberFormat): boolean {
  const { layout, negatives, bits, mantissaBits: m } = info
  const fields = layout === 'fields' && negatives === 'sign-magnitude' && bits <= 8 && m >= 1 && m <= 4
  return fields && info.minSubnormal !== undefined && info.minNormal >= 2 ** -100 && info.max <= 2 ** 100
}

const leastOf = perFormat((info) => new Int32Array(new Float32Array([info.minNormal]).buffer))

function encodeBench(
  { floats, kernels }: SimdBench,
  info: NumberFormat,
  count: number,
  largest: number,
): boolean {
  const m = info.mantissaBits
  // What is left on the bench must not be taken for something that cannot be encoded.
  const whole = (count + 15) & ~15
  if (whole !== count) floats.fill(0, count, whole)
  const exponentMask = 0x7f800000
  const addend = ((23 - m) << 23) | (1 << 22)
  const sign = 1 << (info.bits - 1)
  const unsigned = info.zero === 'unsigned' ? 0 : 255
  const seen = kernels.encode(whole, m, exponentMask, addend, leastOf(info)[0]!, largest, sign, unsigned)
  return seen <= 231 + m
}
