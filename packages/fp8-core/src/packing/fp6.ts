/**
 * Four FP6 codes to three bytes: a stream of bits, least significant first. Code i takes the bits 6i .. 6i + 5, so that
 *   byte 0 = c1[1:0] c0[5:0],  byte 1 = c2[3:0] c1[5:2],  byte 2 = c3[5:0] c2[5:4]
 * Source: ONNX (docs/docsgen float6, `_pack_6bit`). safetensors stores whole bytes only: multiples of four codes.
 */

import { checkArray } from '../checks/check-array.ts'
import { checkCodes } from '../checks/check-codes.ts'
import { checkLength } from '../checks/check-length.ts'
import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError } from '../errors.ts'
import type { Written } from '../written.ts'

/**
 * Packs N 6-bit codes, one per byte, into ceil(6 N / 8) bytes: `out` (which shares no memory with `codes`) or a new
 * array. The bits left over in the last byte are 0.
 *
 * @throws {CodeError} for a code above 63; {@link LengthError} for an unfit `out`.
 */
export function packFp6<Out extends Uint8Array | undefined = undefined>(
  codes: Uint8Array,
  out?: Out,
): Written<Out, Uint8Array<ArrayBuffer>> {
  checkArray('packFp6', 'codes', codes, 'Uint8Array')
  checkCodes({ name: 'fp6', bits: 6 }, codes)
  const length = packedLength(codes.length)
  const bytes: Uint8Array = out ?? new Uint8Array(length)
  checkArray('packFp6', 'out', bytes, 'Uint8Array')
  checkLength('packFp6', 'out', length, bytes.length)
  const whole = codes.length - (codes.length % 4)
  let byte = 0
  for (let i = 0; i < whole; i += 4) {
    const word = codes[i]! | (codes[i + 1]! << 6) | (codes[i + 2]! << 12) | (codes[i + 3]! << 18)
    bytes[byte++] = word
    bytes[byte++] = word >> 8
    bytes[byte++] = word >> 16
  }
  let rest = 0
  for (let i = whole; i < codes.length; i++) rest |= codes[i]! << (6 * (i - whole))
  for (; byte < length; rest >>= 8) bytes[byte++] = rest
  return bytes as Written<Out, Uint8Array<ArrayBuffer>>
}

/**
 * The inverse of {@link packFp6}: `count` codes from ceil(6 count / 8) bytes. The bits left over are not looked at.
 *
 * @throws {LengthError} if `bytes` or `out` does not go with `count`; {@link ArgumentError} for a bad count.
 */
export function unpackFp6<Out extends Uint8Array | undefined = undefined>(
  bytes: Uint8Array,
  count: number,
  out?: Out,
): Written<Out, Uint8Array<ArrayBuffer>> {
  if (!Number.isSafeInteger(count) || count < 0) {
    const expected = 'a whole number of codes'
    throw new ArgumentError({ op: 'unpackFp6', argument: 'count', expected, got: kindOf(count) })
  }
  checkArray('unpackFp6', 'bytes', bytes, 'Uint8Array')
  checkLength('unpackFp6', 'bytes', packedLength(count), bytes.length)
  const codes: Uint8Array = out ?? new Uint8Array(count)
  checkArray('unpackFp6', 'out', codes, 'Uint8Array')
  checkLength('unpackFp6', 'out', count, codes.length)
  const whole = count - (count % 4)
  let byte = 0
  for (let i = 0; i < whole; i += 4) {
    const word = bytes[byte]! | (bytes[byte + 1]! << 8) | (bytes[byte + 2]! << 16)
    byte += 3
    codes[i] = word & 63
    codes[i + 1] = (word >> 6) & 63
    codes[i + 2] = (word >> 12) & 63
    codes[i + 3] = word >> 18
  }
  let rest = 0
  for (let shift = 0; byte < bytes.length; shift += 8) rest |= bytes[byte++]! << shift
  for (let i = whole; i < count; i++, rest >>= 6) codes[i] = rest & 63
  return codes as Written<Out, Uint8Array<ArrayBuffer>>
}

/** ceil(6 count / 8), without a product that leaves the whole numbers. */
function packedLength(count: number): number {
  return Math.floor(count / 4) * 3 + Math.ceil(((count % 4) * 6) / 8)
}
