/**
 * UE8M0 scales, four bytes to an int32, as DeepGEMM's kernels for SM100 read them
 * (`get_mn_major_tma_aligned_packed_ue8m0_tensor`; the reference in its tests/test_layout.py).
 *
 * Of a matrix of scales [MN, K], the int32 at [mn, k / 4] holds the scales k .. k + 3 of row mn, the first in its lowest
 * byte; scales beyond K are 0. The int32 matrix [MN, ceil(K / 4)] lies MN-major, with strides (1, align(MN, 4)) because
 * its columns must begin at multiples of 16 bytes; the padding rows are 0.
 */

import { checkArray } from '../checks/check-array.ts'
import { checkLength } from '../checks/check-length.ts'
import { checkShape } from '../checks/check-shape.ts'
import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError, BlockScaleError } from '../errors.ts'
import type { Written } from '../written.ts'

export interface PackUe8m0Options {
  /** 128 for weights in 128 x 128 blocks: so many rows of the result repeat a row of scales. 1 .. 128; default: 1. */
  readonly rowsPerScale?: number | undefined
}

/**
 * Packs float32 scales for a matrix of MN rows.
 *
 * @param scales row-major [ceil(MN / rowsPerScale), K] powers of two of 2^-126 .. 2^127. 2^-127 is a UE8M0 code (0), but
 *   DeepGEMM takes the exponent bits of a float32, where that one is subnormal; it clamps scales to 2^-126.
 * @param shape [MN, K], K counted in scales.
 * @param out ceil(K / 4) * align(MN, 4) int32, sharing no memory with `scales`; by default a new array.
 * @throws {BlockScaleError} with row and column in `scales` for anything else, NaN and 0 included, before `out` is touched;
 *   {@link LengthError}; {@link ArgumentError}.
 */
export function packUe8m0<Out extends Int32Array | undefined = undefined>(
  scales: Float32Array,
  shape: readonly [number, number],
  out?: Out,
  options: PackUe8m0Options = {},
): Written<Out, Int32Array<ArrayBuffer>> {
  checkShape('packUe8m0', shape)
  const [rows, columns] = shape
  const { rowsPerScale = 1 } = options
  if (!Number.isInteger(rowsPerScale) || rowsPerScale < 1 || rowsPerScale > 128) {
    const expected = 'an integer of 1 .. 128'
    throw new ArgumentError({
      op: 'packUe8m0',
      argument: 'rowsPerScale',
      expected,
      got: kindOf(rowsPerScale),
    })
  }
  checkArray('packUe8m0', 'scales', scales, 'Float32Array')
  checkLength('packUe8m0', 'scales', Math.ceil(rows / rowsPerScale) * columns, scales.length)
  const bits = new Uint32Array(scales.buffer, scales.byteOffset, scales.length)
  checkPowersOfTwo(scales, bits, columns)
  const packed: Int32Array = out ?? new Int32Array(packedLength(rows, columns))
  checkArray('packUe8m0', 'out', packed, 'Int32Array')
  checkLength('packUe8m0', 'out', packedLength(rows, columns), packed.length)
  // Not only quicker: 2^53 columns of no rows would never end.
  if (packed.length === 0) return packed as Written<Out, Int32Array<ArrayBuffer>>
  packed.fill(0)
  const stride = align4(rows)
  for (let first = 0, start = 0; first < columns; first += 4, start += stride) {
    const count = Math.min(4, columns - first)
    for (let row = 0, source = first; row < rows; source += columns) {
      let word = 0
      for (let k = 0; k < count; k++) word |= (bits[source + k]! >>> 23) << (8 * k)
      for (const end = Math.min(row + rowsPerScale, rows); row < end; row++) packed[start + row] = word
    }
  }
  return packed as Written<Out, Int32Array<ArrayBuffer>>
}

/**
 * The scales of {@link packUe8m0} as row-major float32 [MN, K]; what `rowsPerScale` repeated stays repeated. Bytes are read
 * as UE8M0: 0 is 2^-127 and 255 NaN, neither of which `packUe8m0` writes.
 *
 * @param out MN * K float32, sharing no memory with `packed`; by default a new array.
 * @throws {LengthError} if an array does not fit the shape; {@link ArgumentError}.
 */
export function unpackUe8m0<Out extends Float32Array | undefined = undefined>(
  packed: Int32Array,
  shape: readonly [number, number],
  out?: Out,
): Written<Out, Float32Array<ArrayBuffer>> {
  checkShape('unpackUe8m0', shape)
  const [rows, columns] = shape
  checkArray('unpackUe8m0', 'packed', packed, 'Int32Array')
  checkLength('unpackUe8m0', 'packed', packedLength(rows, columns), packed.length)
  const scales: Float32Array = out ?? new Float32Array(rows * columns)
  checkArray('unpackUe8m0', 'out', scales, 'Float32Array')
  checkLength('unpackUe8m0', 'out', rows * columns, scales.length)
  if (scales.length === 0) return scales as Written<Out, Float32Array<ArrayBuffer>>
  const bits = new Uint32Array(scales.buffer, scales.byteOffset, scales.length)
  const stride = align4(rows)
  for (let first = 0, start = 0; first < columns; first += 4, start += stride) {
    const count = Math.min(4, columns - first)
    for (let row = 0, target = first; row < rows; row++, target += columns) {
      const word = packed[start + row]!
      for (let k = 0; k < count; k++) bits[target + k] = float32Bits((word >>> (8 * k)) & 255)
    }
  }
  return scales as Written<Out, Float32Array<ArrayBuffer>>
}

/** 2^(byte - 127) as float32: the byte is its exponent field, but for the one that is subnormal, and for NaN. */
function float32Bits(byte: number): number {
  if (byte === 0) return 0x00400000
  return byte === 255 ? 0x7fc00000 : byte << 23
}

function checkPowersOfTwo(scales: Float32Array, bits: Uint32Array, columns: number): void {
  for (let i = 0; i < bits.length; i++) {
    const word = bits[i]!
    // No sign, no mantissa, and neither the exponent of 0 nor that of infinity.
    if ((word & 0x807fffff) === 0 && word !== 0 && word !== 0x7f800000) continue
    const expected = 'a power of two of 2^-126 .. 2^127 (requantizeUe8m0 makes such scales)'
    const [row, column] = [Math.floor(i / columns), i % columns]
    throw new BlockScaleError({ op: 'packUe8m0', row, column, value: scales[i]!, expected })
  }
}

function align4(rows: number): number {
  return Math.ceil(rows / 4) * 4
}

function packedLength(rows: number, columns: number): number {
  return Math.ceil(columns / 4) * align4(rows)
}
