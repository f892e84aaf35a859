/** Bulk conversion between numbers and codes. Codes are bytes, or 16-bit words for bf16 and f16. */
import { checkLength } from './check-length.ts'
import { decodeTable } from './decode-table.ts'
import { type EncodeOptions, encoder } from './encode.ts'
import { ArgumentError, CodeError } from './errors.ts'
import { type FormatLike, formatInfo } from './format-info.ts'
import type { FormatName, NumberFormat } from './formats.ts'

/** The array type of a format's codes, where the format is known to the type checker. */
export type CodesOf<Format> = Format extends 'bf16' | 'f16'
  ? Uint16Array
  : Format extends FormatName
    ? Uint8Array
    : Uint8Array | Uint16Array

/**
 * Encodes each of `input` (read as float64, rounded once) into `out`, by default a new array.
 *
 * @throws what {@link encode} throws; `LengthError` or {@link ArgumentError} for an unfit `out`.
 */
export function encodeArray<Format extends FormatLike>(
  input: ArrayLike<number>,
  format: Format,
  out?: CodesOf<Format>,
  options?: EncodeOptions,
): CodesOf<Format> {
  const info = formatInfo(format)
  const codes = codesFor(info, input.length, out)
  const encodeOne = encoder(info, options)
  for (let i = 0; i < codes.length; i++) codes[i] = encodeOne(input[i]!)
  return codes as CodesOf<Format>
}

/**
 * Decodes each code into `out`, by default a new Float32Array (which holds every value of every format exactly).
 *
 * @throws {CodeError} for a code that is wider than a 4- or 6-bit format; `LengthError`;
 *   {@link ArgumentError} if `codes` has not the element width of the format.
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
  // Only a format narrower than its storage has codes beyond its table.
  if (info.bits % 8 !== 0) checkCodes(info, codes)
  const table = decodeTable(info)
  for (let i = 0; i < codes.length; i++) result[i] = table[codes[i]!]!
  return result
}

function codesFor(
  info: NumberFormat,
  length: number,
  out: Uint8Array | Uint16Array | undefined,
): Uint8Array | Uint16Array {
  if (out === undefined) return info.bits > 8 ? new Uint16Array(length) : new Uint8Array(length)
  checkWidth('encodeArray', 'out', info, out)
  checkLength('encodeArray', 'out', length, out.length)
  return out
}

function checkCodes(info: NumberFormat, codes: Uint8Array | Uint16Array): void {
  const code = codes.find((candidate: number) => candidate >= 2 ** info.bits)
  if (code !== undefined) throw new CodeError({ format: info.name, code, bits: info.bits })
}

function checkWidth(op: string, argument: string, info: NumberFormat, codes: Uint8Array | Uint16Array): void {
  const bytes = info.bits > 8 ? 2 : 1
  if (codes.BYTES_PER_ELEMENT === bytes) return
  const expected = `a ${bytes === 2 ? 'Uint16Array' : 'Uint8Array'} for ${info.name}`
  throw new ArgumentError({ op, argument, expected, got: codes.constructor.name })
}
