/** The inner loops of bulk decoding: one for each pair of types, because V8 slows a loop down that sees several. */

import type { NumberFormat } from '../formats/number-format.ts'
import { decodeTable, decodeTable64 } from './decode-table.ts'

/** Decodes checked codes into `out`, of the same length. */
export function decodeInto(
  info: NumberFormat,
  codes: Uint8Array | Uint16Array,
  out: Float32Array | Float64Array,
): void {
  const { length, buffer, byteOffset } = codes
  // Plain views, so that a subclass such as Node's Buffer does not slow the loops down for everyone.
  if (codes.BYTES_PER_ELEMENT === 1) {
    const bytes = new Uint8Array(buffer, byteOffset, length)
    if (out.BYTES_PER_ELEMENT === 8) bytesTo64(bytes, decodeTable64(info), out as Float64Array)
    else bytesTo32(info, bytes, out as Float32Array)
  } else {
    const shorts = new Uint16Array(buffer, byteOffset, length)
    if (out.BYTES_PER_ELEMENT === 8) shortsTo64(shorts, decodeTable64(info), out as Float64Array)
    else if (info.name === 'bf16') widenBf16(shorts, out as Float32Array)
    else shortsTo32(shorts, decodeTable(info), out as Float32Array)
  }
}

/** A bf16 is the upper half of a float32; NaN payloads are kept. */
function widenBf16(codes: Uint16Array, out: Float32Array): void {
  const words = new Int32Array(out.buffer, out.byteOffset, out.length)
  const whole = codes.length - (codes.length % 4)
  for (let i = 0; i < whole; i = (i + 4) | 0) {
    words[i] = codes[i]! << 16
    words[(i + 1) | 0] = codes[(i + 1) | 0]! << 16
    words[(i + 2) | 0] = codes[(i + 2) | 0]! << 16
    words[(i + 3) | 0] = codes[(i + 3) | 0]! << 16
  }
  for (let i = whole; i < codes.length; i++) words[i] = codes[i]! << 16
}

// Of the one format whose pairs are in the table: 512 KiB, made again for another format from `worthPairs` on.
const pairTable: Float64Array = new Float64Array(65_536)
const pairFloats = new Float32Array(pairTable.buffer)
let pairFormat: NumberFormat | undefined
const worthPairs = 2 ** 18

/**
 * Two codes at a time where both arrays are aligned for it: a pair of codes indexes a pair of float32, which is moved as
 * one float64. Moving it cannot change a bit: its upper 12 bits are never all ones, as they are in a float64 NaN,
 * because the NaN of the table has the bits 0x7fc00000 or 0xffc00000.
 */
function bytesTo32(info: NumberFormat, codes: Uint8Array, out: Float32Array): void {
  let done = 0
  const aligned = codes.byteOffset % 2 === 0 && out.byteOffset % 8 === 0
  if (aligned && (codes.length >= worthPairs || (codes.length >= 256 && pairFormat === info))) {
    if (pairFormat !== info) fillPairTable(info)
    const pairs = codes.length >>> 1
    lookUpPairs(
      new Uint16Array(codes.buffer, codes.byteOffset, pairs),
      new Float64Array(out.buffer, out.byteOffset, pairs),
    )
    done = 2 * pairs
  }
  bytesTo32From(done, codes, decodeTable(info), out)
}

function fillPairTable(info: NumberFormat): void {
  const table = decodeTable(info)
  const pair = new Uint8Array(2)
  const index = new Uint16Array(pair.buffer)
  for (let first = 0; first < table.length; first++) {
    for (let second = 0; second < table.length; second++) {
      pair[0] = first
      pair[1] = second
      pairFloats[2 * index[0]!] = table[first]!
      pairFloats[2 * index[0]! + 1] = table[second]!
    }
  }
  pairFormat = info
}

function lookUpPairs(codes: Uint16Array, out: Float64Array): void {
  const whole = codes.length - (codes.length % 8)
  // `| 0` spares the check of each index for overflow.
  for (let i = 0; i < whole; i = (i + 8) | 0) {
    out[i] = pairTable[codes[i]!]!
    out[(i + 1) | 0] = pairTable[codes[(i + 1) | 0]!]!
    out[(i + 2) | 0] = pairTable[codes[(i + 2) | 0]!]!
    out[(i + 3) | 0] = pairTable[codes[(i + 3) | 0]!]!
    out[(i + 4) | 0] = pairTable[codes[(i + 4) | 0]!]!
    out[(i + 5) | 0] = pairTable[codes[(i + 5) | 0]!]!
    out[(i + 6) | 0] = pairTable[codes[(i + 6) | 0]!]!
    out[(i + 7) | 0] = pairTable[codes[(i + 7) | 0]!]!
  }
  for (let i = whole; i < codes.length; i++) out[i] = pairTable[codes[i]!]!
}

function bytesTo32From(start: number, codes: Uint8Array, table: Float32Array, out: Float32Array): void {
  const whole = codes.length - 3
  let i = start
  for (; i < whole; i = (i + 4) | 0) {
    out[i] = table[codes[i]!]!
    out[(i + 1) | 0] = table[codes[(i + 1) | 0]!]!
    out[(i + 2) | 0] = table[codes[(i + 2) | 0]!]!
    out[(i + 3) | 0] = table[codes[(i + 3) | 0]!]!
  }
  for (; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function bytesTo64(codes: Uint8Array, table: Float64Array, out: Float64Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function shortsTo32(codes: Uint16Array, table: Float32Array, out: Float32Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}

function shortsTo64(codes: Uint16Array, table: Float64Array, out: Float64Array): void {
  for (let i = 0; i < codes.length; i++) out[i] = table[codes[i]!]!
}
