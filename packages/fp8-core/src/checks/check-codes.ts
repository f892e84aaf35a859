import { CodeError } from '../errors.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { checkArray } from './check-array.ts'

/** @throws {ArgumentError} unless `codes` is of the type that holds the format's codes: Uint8Array or Uint16Array. */
export function checkCodesArray(op: string, argument: string, info: NumberFormat, codes: unknown): void {
  checkArray(op, argument, codes, info.bits > 8 ? 'Uint16Array' : 'Uint8Array', ` for ${info.name}`)
}

/**
 * Looked through before anything is written, so that a refused call leaves its output as it was.
 *
 * @throws {CodeError} for a code with bits above those of a format that is narrower than its storage.
 */
export function checkCodes(
  { name, bits }: Pick<NumberFormat, 'name' | 'bits'>,
  codes: Uint8Array | Uint16Array,
): void {
  if (bits % 8 === 0 || orOfAll(codes) >>> bits === 0) return
  const index = codes.findIndex((code: number) => code >>> bits !== 0)
  throw new CodeError({ format: name, code: codes[index]!, bits, index })
}

/** All codes together, four bytes at a time where the memory is aligned for it. */
function orOfAll(codes: Uint8Array | Uint16Array): number {
  const { buffer, byteOffset, byteLength, BYTES_PER_ELEMENT: bytes, length } = codes
  let all = 0
  let rest = 0
  if (byteOffset % 4 === 0) {
    const words = new Int32Array(buffer, byteOffset, byteLength >>> 2)
    for (let i = 0; i < words.length; i++) all |= words[i]!
    rest = (words.length * 4) / bytes
    all |= all >>> 16
    if (bytes === 1) all |= all >>> 8
  }
  for (let i = rest; i < length; i++) all |= codes[i]!
  return all & (2 ** (8 * bytes) - 1)
}
