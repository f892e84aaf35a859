/** Exact number formats, rounding, bulk conversion and block scaling. No dependencies; browsers and Node. */

export type { BlockScaledArray } from './blocks/block-scaled-array.ts'
export { dequantize, findNotPowerOfTwo, quantize } from './blocks/block-scaling.ts'
export {
  type BlockRecipe,
  type Division,
  type RecipeName,
  recipes,
  type ScaleFormat,
  type ScaleSelection,
} from './blocks/recipes.ts'
export { type Requantized, requantize, requantizeUe8m0 } from './blocks/requantize.ts'
export { fromScaleCodes, scaleCodes } from './blocks/scale-codes.ts'
export { type CodesOf, decodeArray, encodeArray } from './bulk/arrays.ts'
export { convertArray } from './bulk/convert-array.ts'
export { bf16ToF32Array, f16ToF32Array, f32ToBf16Array, f32ToF16Array } from './bulk/half-precision.ts'
export {
  ArgumentError,
  BlockScaleError,
  CodeError,
  LengthError,
  PartialBlockError,
  UnknownFormatError,
  UnrepresentableError,
} from './errors.ts'
export { type CodeField, codeFields } from './formats/code-fields.ts'
export { type FormatLike, formatInfo } from './formats/format-info.ts'
export { type FormatName, formats } from './formats/formats.ts'
export type { FormatAliases, NanRule, NumberFormat } from './formats/number-format.ts'
export { type P3109Parameters, p3109 } from './formats/p3109.ts'
export { codeHistogram } from './metrics/code-histogram.ts'
export { type ConversionSummary, conversionSummary } from './metrics/conversion-summary.ts'
export { cosineDifference, maxAbsoluteError, maxRelativeError, nmse, sqnr } from './metrics/metrics.ts'
export { maxUlpDistance, ulpDistance } from './metrics/ulp-distance.ts'
export { type NibbleOptions, type NibbleOrder, nibbleOrders, packFp4, unpackFp4 } from './packing/fp4.ts'
export { packFp6, unpackFp6 } from './packing/fp6.ts'
export { packScaleTiles, unpackScaleTiles } from './packing/scale-tiles.ts'
export { type PackUe8m0Options, packUe8m0, unpackUe8m0 } from './packing/ue8m0.ts'
export { decode, values } from './scalar/decode.ts'
export { type EncodeOptions, encode } from './scalar/encode.ts'
export { isPowerOfTwo } from './scalar/float64-bits.ts'
export { type Overflow, overflows, type Rounding, roundings } from './scalar/rounding.ts'
