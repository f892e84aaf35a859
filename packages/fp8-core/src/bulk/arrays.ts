/** Bulk conversion between numbers and codes. Codes are bytes, or 16-bit words for formats of more than 8 bits. */

import { checkLength } from '../check-length.ts'
import { UnrepresentableError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import type { FormatName } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { type EncodeOptions, encoder } from '../scalar/encode.ts'
import { bulkEncoder } from './bulk-encoder.ts'
import { checkCodes, checkWidth } from './check-codes.ts'
import { checkOverlap } from './check-overlap.ts'
import { decodeInto } from './decode-loops.ts'
import { type NumberView, stage, stageSize } from './stage.ts'

/** The array type of a format's codes, where the format is known to the type checker. */
export type CodesOf<Format> = Format extends 'bf16' | 'f16'
  ? Uint16Array
  : Format extends FormatName
    ? Uint8Array
    : Uint8Array | Uint16Array

/**
 * Encodes each of `input` as {@link encode} does, from float64 with one rounding, into `out`, by default a new array.
 * Fast once 2^14 elements have come by (e4m3; 2^17 for mxint8), in one call or several: then a table is made. Not for `stochastic` and `hybrid`, nor for f16 by other rules than its own;
 * Float32Array is fastest. What is not a typed array is copied first.
 *
 * `out` may share the memory of `input` if it does not start after it, as codes written over the numbers.
 *
 * @throws {UnrepresentableError} for NaN, if the format has none: before anything is written. `LengthError` or
 *   {@link ArgumentError} for an unfit `out`; what {@link encode} throws.
 */
export function encodeArray<Format extends FormatLike>(
  input: ArrayLike<number>,
  format: Format,
  out?: CodesOf<Format>,
  options?: EncodeOptions,
): CodesOf<Format> {
  const info = formatInfo(format)
  const numbers = ArrayBuffer.isView(input) ? (input as NumberView) : Float64Array.from(input)
  const codes = codesFor('encodeArray', info, numbers.length, out)
  checkOverlap('encodeArray', numbers, codes)
  // Made now only to check the options: for the 16-bit formats making it takes many milliseconds.
  const checkedEncoder = options === undefined ? undefined : encoder(info, options)
  if (info.nanCode === undefined) refuseNaN(info, numbers)
  const encodeStage = bulkEncoder(info, options ?? {}, numbers.length)
  if (encodeStage === undefined) {
    const encodeOne = checkedEncoder ?? encoder(info)
    for (let i = 0; i < numbers.length; i++) codes[i] = encodeOne(numbers[i]!)
    return codes as CodesOf<Format>
  }
  for (let start = 0; start < numbers.length; start += stageSize) {
    const end = Math.min(start + stageSize, numbers.length)
    stage(numbers, start, end)
    const encoded = encodeStage()
    codes.set(end - start === stageSize ? encoded : encoded.subarray(0, end - start), start)
  }
  return codes as CodesOf<Format>
}

/**
 * Decodes each code into `out`, by default a new Float32Array, which holds every value of every format here exactly.
 *
 * `out` may share the memory of `codes` if it does not end before it, as numbers written over codes at its end.
 *
 * @throws {CodeError} for a code that is wider than the format, before anything is written; `LengthError`;
 *   {@link ArgumentError} if `codes` has not the element width of the format, or for an overlapping `out`.
 */
export function decodeArray(codes: Uint8Array | Uint16Array, format: FormatLike): Float32Array<ArrayBuffer>
export function decodeArray<Out extends Float32Array | Float64Array>(
  codes: Uint8Array | Uint16Array,
  format: FormatLike,
  out: Out,
): Out
export function decodeArray(
  codes: Uint8Array | Uint16Array,
  format: FormatLike,
  out?: Float32Array | Float64Array,
): Float32Array | Float64Array {
  const info = formatInfo(format)
  checkWidth('decodeArray', 'codes', info, codes)
  const result = out ?? new Float32Array(codes.length)
  checkLength('decodeArray', 'out', codes.length, result.length)
  checkOverlap('decodeArray', codes, result)
  checkCodes(info, codes)
  decodeInto(info, codes, result)
  return result
}

/** `out`, checked, or a new array for codes of the format. */
export function codesFor(
  op: string,
  info: NumberFormat,
  length: number,
  out: Uint8Array | Uint16Array | undefined,
): Uint8Array | Uint16Array {
  if (out === undefined) return info.bits > 8 ? new Uint16Array(length) : new Uint8Array(length)
  checkWidth(op, 'out', info, out)
  checkLength(op, 'out', length, out.length)
  return out
}

function refuseNaN(info: NumberFormat, numbers: NumberView): void {
  const index = numbers instanceof Float32Array ? findNaN32(numbers) : findNaN(numbers)
  if (index >= 0) throw new UnrepresentableError({ format: info.name, value: NaN })
}

/** By bits: the sign of `infinity - magnitude` is that of a NaN. Looks for the place only if there is one. */
function findNaN32(numbers: Float32Array): number {
  const words = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length)
  let signs = 0
  for (let i = 0; i < words.length; i++) signs |= 0x7f800000 - (words[i]! & 0x7fffffff)
  return signs < 0 ? findNaN(numbers) : -1
}

function findNaN(numbers: NumberView): number {
  for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i]!)) return i
  return -1
}
