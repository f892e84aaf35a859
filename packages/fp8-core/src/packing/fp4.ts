/**
 * Two FP4 codes to a byte. All orders are one: within a block of B codes, byte j holds code j in its low and code
 * j + B/2 in its high nibble. Adjacent pairs are blocks of two.
 */

import { checkArray } from '../checks/check-array.ts'
import { checkCodes } from '../checks/check-codes.ts'
import { checkLength } from '../checks/check-length.ts'
import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError, PartialBlockError } from '../errors.ts'
import type { Written } from '../written.ts'

/**
 * - `adjacent`: code 2i low, code 2i + 1 high. safetensors, ONNX, torch's float4_e2m1fn_x2, NVIDIA, DeepGEMM.
 * - `gguf-mxfp4`: blocks of 32, byte j holds the codes j and j + 16: the 16 bytes after the scale of a GGUF block.
 * - `gguf-nvfp4`: blocks of 16, byte j holds the codes j and j + 8: four of them follow the four scales of a GGUF block.
 */
export type NibbleOrder = 'adjacent' | 'gguf-mxfp4' | 'gguf-nvfp4'

const blocks: Readonly<Record<NibbleOrder, number>> = { adjacent: 2, 'gguf-mxfp4': 32, 'gguf-nvfp4': 16 }

/** Names of the orders; see {@link NibbleOrder}. */
export const nibbleOrders: readonly NibbleOrder[] = Object.freeze(Object.keys(blocks) as NibbleOrder[])

export interface NibbleOptions {
  /** Default: `adjacent`. */
  readonly order?: NibbleOrder | undefined
}

/**
 * Packs 4-bit codes, one per byte, into half as many bytes: `out` (which shares no memory with `codes`) or a new array.
 * Only codes: the scales in a GGUF block are the caller's. Rows are not seen: fill the last pair or block of each row with
 * code 0 before, where the columns of the matrix do not, or it takes codes of the next row.
 *
 * @throws {PartialBlockError} unless the codes fill pairs, or the blocks of the order (pad with code 0);
 *   {@link CodeError} for a code above 15; {@link LengthError} for an unfit `out`; {@link ArgumentError}.
 */
export function packFp4<Out extends Uint8Array | undefined = undefined>(
  codes: Uint8Array,
  out?: Out,
  options: NibbleOptions = {},
): Written<Out, Uint8Array<ArrayBuffer>> {
  checkArray('packFp4', 'codes', codes, 'Uint8Array')
  const block = blockOf('packFp4', options)
  checkFilled({ op: 'packFp4', array: 'codes', block, got: codes.length, remedy: 'pad with code 0' })
  checkCodes({ name: 'fp4', bits: 4 }, codes)
  const bytes: Uint8Array = out ?? new Uint8Array(codes.length / 2)
  checkArray('packFp4', 'out', bytes, 'Uint8Array')
  checkLength('packFp4', 'out', codes.length / 2, bytes.length)
  if (block === 2) {
    // The same as below, at twice the speed without the inner loop of one.
    for (let i = 0; i < bytes.length; i++) bytes[i] = codes[2 * i]! | (codes[2 * i + 1]! << 4)
    return bytes as Written<Out, Uint8Array<ArrayBuffer>>
  }
  const half = block / 2
  for (let start = 0, byte = 0; start < codes.length; start += block) {
    for (let i = start; i < start + half; i++) bytes[byte++] = codes[i]! | (codes[i + half]! << 4)
  }
  return bytes as Written<Out, Uint8Array<ArrayBuffer>>
}

/**
 * The inverse of {@link packFp4}: twice as many codes, one per byte. If the last one was padding, leave it out with
 * `subarray`.
 *
 * @throws {PartialBlockError} unless the bytes fill the blocks of the order; {@link LengthError}; {@link ArgumentError}.
 */
export function unpackFp4<Out extends Uint8Array | undefined = undefined>(
  bytes: Uint8Array,
  out?: Out,
  options: NibbleOptions = {},
): Written<Out, Uint8Array<ArrayBuffer>> {
  checkArray('unpackFp4', 'bytes', bytes, 'Uint8Array')
  const block = blockOf('unpackFp4', options)
  const half = block / 2
  const remedy = 'give all bytes of the codes, without the scales of the blocks'
  checkFilled({ op: 'unpackFp4', array: 'bytes', block: half, got: bytes.length, remedy })
  const codes: Uint8Array = out ?? new Uint8Array(bytes.length * 2)
  checkArray('unpackFp4', 'out', codes, 'Uint8Array')
  checkLength('unpackFp4', 'out', bytes.length * 2, codes.length)
  if (block === 2) {
    for (let i = 0; i < bytes.length; i++) {
      codes[2 * i] = bytes[i]! & 15
      codes[2 * i + 1] = bytes[i]! >> 4
    }
    return codes as Written<Out, Uint8Array<ArrayBuffer>>
  }
  for (let start = 0, byte = 0; start < codes.length; start += block) {
    for (let i = start; i < start + half; i++) {
      const pair = bytes[byte++]!
      codes[i] = pair & 15
      codes[i + half] = pair >> 4
    }
  }
  return codes as Written<Out, Uint8Array<ArrayBuffer>>
}

function blockOf(op: string, { order = 'adjacent' }: NibbleOptions): number {
  if (nibbleOrders.includes(order)) return blocks[order]
  throw new ArgumentError({ op, argument: 'order', expected: nibbleOrders.join(', '), got: kindOf(order) })
}

function checkFilled(facts: ConstructorParameters<typeof PartialBlockError>[0]): void {
  if (facts.got % facts.block !== 0) throw new PartialBlockError(facts)
}
