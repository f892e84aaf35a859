/** WGSL that turns codes into the bits of an f32, written from the rows of fp8-core's table of formats. */
import { type FormatName, formatInfo, type NumberFormat } from '@octoscale/fp8-core'

/** The name of `integerDecoder`. */
export const INTEGER_DECODER = 'decode_i8'

/** `fn decode_i8(code: u32) -> u32`: the bits of the f32 with the value of an i8, given in the lowest 8 bits. */
export const integerDecoder: string = `
fn ${INTEGER_DECODER}(code: u32) -> u32 { return bitcast<u32>(f32(bitcast<i32>(code << 24u) >> 24u)); }
`

/** The function's name: `decode_e4m3`. */
export function decoderName(format: FormatName): string {
  return `decode_${format}`
}

/**
 * `fn decode_<format>(code: u32) -> u32`: the bits of the f32 with the value of a code that has sign, exponent and
 * mantissa. No branches, and exact whatever a GPU does with subnormals of f32: none occurs.
 *
 * With m mantissa bits and `magnitude` the exponent and mantissa fields, f32 having 23 mantissa bits and bias 127,
 * `magnitude << (23 - m)` is moved to the exponent `127 - bias` higher for a normal value. A subnormal one is
 * `M * 2^(1 - bias - m) = (1 + M / 2^m) * 2^(1 - bias) - 2^(1 - bias)`: the same one exponent higher, less the hidden bit.
 */
export function decoder(format: FormatName): string {
  const info = formatInfo(format)
  const { exponentBits, mantissaBits, bias } = info
  const open = `fn ${decoderName(format)}(code: u32) -> u32 {`
  // As wide an exponent as an f32: the code is the upper half of the bits, for every class of value.
  if (exponentBits === 8 && info.signBits === 1) return `${open} return code << ${23 - mantissaBits}u; }`
  const magnitudeBits = exponentBits + mantissaBits
  const hiddenBit = (128 - bias) * 2 ** 23
  return `${open}
  let magnitude = code & ${hex(2 ** magnitudeBits - 1)};
  let sign = (code >> ${magnitudeBits}u) << 31u;
  let fields = magnitude << ${23 - mantissaBits}u;
  let subnormal = bitcast<u32>(bitcast<f32>(fields + ${hex(hiddenBit)}) - bitcast<f32>(${hex(hiddenBit)}));
  let finite = select(fields + ${hex((127 - bias) * 2 ** 23)}, subnormal, magnitude < ${hex(2 ** mantissaBits)});
  return sign | select(finite, ${special(info)}, magnitude > ${hex(info.maxCode)});
}`
}

/** What stands above the largest finite value: infinity at its code, if there is one, and NaN. */
function special({ infinityCode }: NumberFormat): string {
  const nan = '0x7fc00000u'
  return infinityCode === undefined ? nan : `select(${nan}, 0x7f800000u, magnitude == ${hex(infinityCode)})`
}

function hex(value: number): string {
  return `0x${value.toString(16)}u`
}
