/** Exact number formats, rounding, bulk conversion and block scaling. No dependencies; browsers and Node. */
export { type CodesOf, decodeArray, encodeArray } from './arrays.ts'
export { type BlockScaledArray, dequantize, findNotPowerOfTwo, quantize } from './block-scaling.ts'
export { type CodeField, codeFields } from './code-fields.ts'
export { codeHistogram } from './code-histogram.ts'
export { type ConversionSummary, conversionSummary } from './conversion-summary.ts'
export { convertArray } from './convert-array.ts'
export { decode, values } from './decode.ts'
export { type EncodeOptions, encode } from './encode.ts'
export {
  ArgumentError,
  BlockScaleError,
  CodeError,
  LengthError,
  PartialBlockError,
  UnknownFormatError,
  UnrepresentableError,
} from './errors.ts'
export { isPowerOfTwo } from './float64-bits.ts'
export { type FormatLike, formatInfo } from './format-info.ts'
export { type FormatName, formats } from './formats.ts'
export { bf16ToF32Array, f16ToF32Array, f32ToBf16Array, f32ToF16Array } from './half-precision.ts'
export { cosineDifference, maxAbsoluteError, maxRelativeError, nmse, sqnr } from './metrics.ts'
export type { FormatAliases, NanRule, NumberFormat } from './number-format.ts'
export { type P3109Parameters, p3109 } from './p3109.ts'
export { type NibbleOptions, type NibbleOrder, nibbleOrders, packFp4, unpackFp4 } from './packing/fp4.ts'
export { packFp6, unpackFp6 } from './packing/fp6.ts'
export { packScaleTiles, unpackScaleTiles } from './packing/scale-tiles.ts'
export { type PackUe8m0Options, packUe8m0, unpackUe8m0 } from './packing/ue8m0.ts'
export {
  type BlockRecipe,
  type Division,
  type RecipeName,
  recipes,
  type ScaleFormat,
  type ScaleSelection,
} from './recipes.ts'
export { type Requantized, requantize, requantizeUe8m0 } from './requantize.ts'
export { type Overflow, overflows, type Rounding, roundings } from './rounding.ts'
export { fromScaleCodes, scaleCodes } from './scale-codes.ts'
export { maxUlpDistance, ulpDistance } from './ulp-distance.ts'
