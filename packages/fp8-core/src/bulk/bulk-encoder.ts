import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import type { EncodeOptions } from '../scalar/encode.ts'
import { fillEncodeTable, keptBits } from './encode-table.ts'
import { idOf, keepRecent } from './recent.ts'
import { encodeBf16, encodeBytes, encodeF16, encodeShorts } from './stage.ts'

/** Encodes the whole bench of `stage.ts`; gives the array there that holds the codes. */
export type BulkEncoder = () => Uint8Array | Uint16Array

/** Work towards a table: it is made once as many elements have come by as it has different entries. */
interface Candidate {
  seen: number
  readonly kept: number | undefined
  encode: BulkEncoder | undefined
}

// Of 128 KiB each, 512 KiB for formats with more mantissa bits.
const candidate = keepRecent<Candidate>(16)

/**
 * How to encode `length` elements by the bench; `undefined` if element by element is faster, or the only way:
 * stochastic and hybrid rounding, formats of IEEE P3109 beyond float32, f16 by other rules than its default.
 * Expects options that `encoder` has taken.
 */
export function bulkEncoder(
  info: NumberFormat,
  options: EncodeOptions,
  length: number,
): BulkEncoder | undefined {
  const { rounding = info.defaults.rounding, overflow = info.defaults.overflow } = options
  const { infinity = overflow } = options
  if (rounding === 'stochastic' || rounding === 'hybrid') return undefined
  const nearestEven = rounding === 'nearest' || rounding === 'nearest-even'
  if (nearestEven && overflow === 'format' && infinity === 'format') {
    if (info === formats.bf16) return encodeBf16
    if (info === formats.f16) return encodeF16
  }
  const found = candidate(`${idOf(info)} ${rounding} ${overflow} ${infinity}`, () => ({
    seen: 0,
    kept: keptBits(info),
    encode: undefined,
  }))
  const { kept } = found
  if (kept === undefined || kept > 17) return undefined
  found.seen += length
  if (found.encode === undefined && found.seen >= 2 ** (kept + 1)) found.encode = make(info, kept, options)
  return found.encode
}

function make(info: NumberFormat, kept: number, options: EncodeOptions): BulkEncoder {
  if (info.bits <= 8 && kept <= 16) {
    const table = fillEncodeTable(new Uint8Array(2 ** 17), info, kept, 16, options)
    return () => encodeBytes(table)
  }
  const table = fillEncodeTable(new Uint16Array(2 ** 18), info, kept, 17, options)
  return () => encodeShorts(table)
}
