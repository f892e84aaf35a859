import { checkCodes, checkCodesArray } from '../checks/check-codes.ts'
import { UnrepresentableError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { type EncodeOptions, encoder, readOptions, rulesOf } from '../scalar/encode.ts'
import type { Written } from '../written.ts'
import { type CodesOf, codesFor } from './arrays.ts'
import { checkOverlap } from './check-overlap.ts'
import { decodeTable64 } from './decode-table.ts'
import { idOf, keepRecent } from './recent.ts'

/** Codes of `to` by code of `from`. */
type Table = Uint8Array | Uint16Array

// Of 256 bytes to 128 KiB.
const tables = keepRecent<{ seen: number; table: Table | undefined }>(16)

/**
 * Codes of one format to codes of another, each rounded once, as `encode(decode(code, from), to, options)`: f16 or bf16
 * weights to FP8, E4M3 to E4M3FNUZ. Into `out`, by default a new array.
 *
 * `out` may share the memory of `codes`: from the same start, or where its elements are wider, to the same end.
 *
 * @throws {UnrepresentableError} for a code that is NaN, if `to` has none: before anything is written. {@link CodeError};
 *   `LengthError`; {@link ArgumentError} for codes not of the format's width, an unfit `out` or a bad option.
 */
export function convertArray<To extends FormatLike, Out extends CodesOf<To> | undefined = undefined>(
  codes: Uint8Array | Uint16Array,
  from: FormatLike,
  to: To,
  out?: Out,
  given: EncodeOptions = {},
): Written<Out, CodesOf<To, ArrayBuffer>> {
  const [source, target] = [formatInfo(from), formatInfo(to)]
  checkCodesArray('convertArray', 'codes', source, codes)
  const result = codesFor('convertArray', target, codes.length, out)
  checkOverlap('convertArray', codes, result)
  checkCodes(source, codes)
  const values = decodeTable64(source)
  const options = readOptions(given)
  const encodeOne = encoder(target, options)
  if (target.nanCode === undefined && source.nanCode !== undefined) {
    for (let i = 0; i < codes.length; i++) {
      if (Number.isNaN(values[codes[i]!]!)) {
        throw new UnrepresentableError({ format: target.name, value: NaN })
      }
    }
  }
  const table = tableFor(source, target, options, encodeOne, codes.length)
  if (table !== undefined) lookUp(codes, table, result)
  else for (let i = 0; i < codes.length; i++) result[i] = encodeOne(values[codes[i]!]!)
  return result as Written<Out, CodesOf<To, ArrayBuffer>>
}

/** `undefined` for random rounding, and until as many codes have come by as the table has entries. */
function tableFor(
  source: NumberFormat,
  target: NumberFormat,
  options: EncodeOptions,
  encodeOne: (value: number) => number,
  length: number,
): Table | undefined {
  const { rounding, overflow, infinity } = rulesOf(target, options)
  if (rounding === 'stochastic') return undefined
  const key = `${idOf(source)} ${idOf(target)} ${rounding} ${overflow} ${infinity}`
  const found = tables(key, () => ({ seen: 0, table: undefined }))
  const values = decodeTable64(source)
  found.seen += length
  if (found.table === undefined && found.seen >= values.length) {
    // Codes that are NaN have been refused where the target has none.
    const entry = (value: number) => (Number.isNaN(value) ? (target.nanCode ?? 0) : encodeOne(value))
    found.table = target.bits > 8 ? Uint16Array.from(values, entry) : Uint8Array.from(values, entry)
  }
  return found.table
}

/** One loop for each pair of types; plain views, so that none sees a subclass such as Node's Buffer. */
function lookUp(codes: Table, table: Table, out: Table): void {
  const bytes = (of: Table) => new Uint8Array(of.buffer, of.byteOffset, of.length)
  const shorts = (of: Table) => new Uint16Array(of.buffer, of.byteOffset, of.length)
  if (codes.BYTES_PER_ELEMENT === 1) {
    if (table instanceof Uint8Array) bytesToBytes(bytes(codes), table, bytes(out))
    else bytesToShorts(bytes(codes), table, shorts(out))
  } else if (table instanceof Uint8Array) shortsToBytes(shorts(codes), table, bytes(out))
  else shortsToShorts(shorts(codes), table, shorts(out))
}

function bytesToBytes(codes: Uint8Array, table: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function bytesToShorts(codes: Uint8Array, table: Uint16Array, out: Uint16Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function shortsToBytes(codes: Uint16Array, table: Uint8Array, out: Uint8Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function shortsToShorts(codes: Uint16Array, table: Uint16Array, out: Uint16Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}
