import { ArgumentError, CodeError } from '../errors.ts'
import type { NumberFormat } from '../formats/number-format.ts'

/** @throws {ArgumentError} unless the elements of `codes` are as wide as the format's codes: 8 or 16 bits. */
export function checkWidth(
  op: string,
  argument: string,
  info: NumberFormat,
  codes: Uint8Array | Uint16Array,
): void {
  const bytes = info.bits > 8 ? 2 : 1
  if (codes.BYTES_PER_ELEMENT === bytes) return
  const expected = `a ${bytes === 2 ? 'Uint16Array' : 'Uint8Array'} for ${info.name}`
  throw new ArgumentError({ op, argument, expected, got: codes.constructor.name })
}

/** @throws {CodeError} for a code with bits above those of a format that is narrower than its storage. */
export function checkCodes(info: NumberFormat, codes: Uint8Array | Uint16Array): void {
  if (info.bits % 8 === 0 || orOfAll(codes) >>> info.bits === 0) return
  const index = codes.findIndex((code: number) => code >>> info.bits !== 0)
  throw new CodeError({ format: info.name, code: codes[index]!, bits: info.bits, index })
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
