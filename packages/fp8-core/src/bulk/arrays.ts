/** Bulk conversion between numbers and codes. Codes are bytes, or 16-bit words for formats of more than 8 bits. */

import { checkCodes, checkCodesArray } from '../checks/check-codes.ts'
import { checkLength } from '../checks/check-length.ts'
import { UnrepresentableError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import type { FormatName } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { defaultEncoder, type EncodeOptions, encoder, readOptions } from '../scalar/encode.ts'
import type { Written } from '../written.ts'
import { bulkEncoder } from './bulk-encoder.ts'
import { checkOverlap } from './check-overlap.ts'
import { decodeInto } from './decode-loops.ts'
import { largestMagnitude } from './largest-magnitude.ts'
import { numbersOf } from './numbers-of.ts'
import { type SimdEncoder, simdEncoder, simdPart } from './simd-encoder.ts'
import { type NumberView, stage, stageSize } from './stage.ts'

/** The array type of a format's codes, where the format is known to the type checker. */
export type CodesOf<Format, Memory extends ArrayBufferLike = ArrayBufferLike> = Format extends 'bf16' | 'f16'
  ? Uint16Array<Memory>
  : Format extends FormatName
    ? Uint8Array<Memory>
    : Uint8Array<Memory> | Uint16Array<Memory>

/**
 * Encodes each of `input` as {@link encode} does, from float64 with one rounding, into `out`, by default a new array.
 * Fastest from a Float32Array to a format of at most 8 bits with exponent, mantissa and sign, ties to even: by WebAssembly
 * SIMD where there is any. Otherwise fast once 2^14 elements have come by (e4m3; 2^17 for mxint8), in one call or several:
 * then a table is made. Neither for `stochastic` and `hybrid`, nor for f16 by other rules than its own.
 * What is not a typed array is copied first.
 *
 * `out` may share the memory of `input` if it does not start after it, as codes written over the numbers.
 *
 * @throws {UnrepresentableError} for NaN, if the format has none: before anything is written. `LengthError` or
 *   {@link ArgumentError} for an unfit `out`, or an `input` that holds something else than numbers; what {@link encode} throws.
 */
export function encodeArray<Format extends FormatLike, Out extends CodesOf<Format> | undefined = undefined>(
  input: ArrayLike<number>,
  format: Format,
  out?: Out,
  given?: EncodeOptions,
): Written<Out, CodesOf<Format, ArrayBuffer>> {
  const info = formatInfo(format)
  const options = given === undefined ? undefined : readOptions(given)
  const numbers = numbersOf('encodeArray', input)
  const codes = codesFor('encodeArray', info, numbers.length, out)
  checkOverlap('encodeArray', numbers, codes)
  // Made now only to check the options: for the 16-bit formats making it takes many milliseconds.
  const encodeOne = options === undefined ? undefined : encoder(info, options)
  if (info.nanCode === undefined) refuseNaN(info, numbers)
  const rest: EncodePart = (start, end) => encodePart(info, options, encodeOne, numbers, start, end, codes)
  const simd = numbers instanceof Float32Array ? simdEncoder(info, options ?? {}) : undefined
  if (simd === undefined) rest(0, numbers.length)
  else encodeBySimd(simd, numbers as Float32Array, codes as Uint8Array, rest)
  return codes as Written<Out, CodesOf<Format, ArrayBuffer>>
}

type EncodePart = (start: number, end: number) => void

function encodeBySimd(simd: SimdEncoder, input: Float32Array, codes: Uint8Array, rest: EncodePart): void {
  for (let start = 0; start < input.length; start += simdPart) {
    const end = Math.min(start + simdPart, input.length)
    if (!simd(input, start, end, codes)) rest(start, end)
  }
}

/** By a table, or element by element. */
function encodePart(
  info: NumberFormat,
  options: EncodeOptions | undefined,
  encodeOne: ((value: number) => number) | undefined,
  numbers: NumberView,
  from: number,
  to: number,
  codes: Uint8Array | Uint16Array,
): void {
  const encodeStage = bulkEncoder(info, options ?? {}, to - from)
  if (encodeStage === undefined) {
    const one = encodeOne ?? defaultEncoder(info)
    for (let i = from; i < to; i++) codes[i] = one(numbers[i]!)
    return
  }
  for (let start = from; start < to; start += stageSize) {
    const end = Math.min(start + stageSize, to)
    stage(numbers, start, end)
    const encoded = encodeStage()
    codes.set(end - start === stageSize ? encoded : encoded.subarray(0, end - start), start)
  }
}

/**
 * Decodes each code into `out`, by default a new Float32Array, which holds every value of every format here exactly.
 *
 * `out` may share the memory of `codes` if it does not end before it, as numbers written over codes at its end.
 *
 * @throws {CodeError} for a code that is wider than the format, before anything is written; `LengthError`;
 *   {@link ArgumentError} if `codes` has not the element width of the format, or for an overlapping `out`.
 */
export function decodeArray<Out extends Float32Array | Float64Array | undefined = undefined>(
  codes: Uint8Array | Uint16Array,
  format: FormatLike,
  out?: Out,
): Written<Out, Float32Array<ArrayBuffer>> {
  const info = formatInfo(format)
  checkCodesArray('decodeArray', 'codes', info, codes)
  const result: Float32Array | Float64Array = out ?? new Float32Array(codes.length)
  checkLength('decodeArray', 'out', codes.length, result.length)
  checkOverlap('decodeArray', codes, result)
  checkCodes(info, codes)
  decodeInto(info, codes, result)
  return result as Written<Out, Float32Array<ArrayBuffer>>
}

/** `out`, checked, or a new array for codes of the format. */
export function codesFor(
  op: string,
  info: NumberFormat,
  length: number,
  out: Uint8Array | Uint16Array | undefined,
): Uint8Array | Uint16Array {
  if (out === undefined) return info.bits > 8 ? new Uint16Array(length) : new Uint8Array(length)
  checkCodesArray(op, 'out', info, out)
  checkLength(op, 'out', length, out.length)
  return out
}

function refuseNaN(info: NumberFormat, numbers: NumberView): void {
  const index = numbers instanceof Float32Array && !hasNaN(numbers) ? -1 : findNaN(numbers)
  if (index >= 0) throw new UnrepresentableError({ format: info.name, value: NaN })
}

/** Faster than to find it. */
function hasNaN({ buffer, byteOffset, length }: Float32Array): boolean {
  return largestMagnitude(new Int32Array(buffer, byteOffset, length), 0, length) > 0x7f800000
}

function findNaN(numbers: NumberView): number {
  for (let i = 0; i < numbers.length; i++) if (Number.isNaN(numbers[i]!)) return i
  return -1
}
