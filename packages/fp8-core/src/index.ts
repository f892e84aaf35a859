/** Exact number formats, rounding, bulk conversion and block scaling. No dependencies; browsers and Node. */
export { type CodesOf, decodeArray, encodeArray } from './arrays.ts'
export { type BlockScaledArray, dequantize, findNotPowerOfTwo, quantize } from './block-scaling.ts'
export { decode, values } from './decode.ts'
export { type EncodeOptions, encode } from './encode.ts'
export { ArgumentError, CodeError, LengthError, UnknownFormatError, UnrepresentableError } from './errors.ts'
export { isPowerOfTwo } from './float64-bits.ts'
export { type FormatLike, formatInfo } from './format-info.ts'
export {
  type FormatAliases,
  type FormatName,
  formats,
  type NanRule,
  type NumberFormat,
  type Overflow,
  type Rounding,
} from './formats.ts'
export { bf16ToF32Array, f16ToF32Array, f32ToBf16Array, f32ToF16Array } from './half-precision.ts'
export { cosineDifference, maxAbsoluteError, sqnr } from './metrics.ts'
export { type BlockRecipe, recipes } from './recipes.ts'
