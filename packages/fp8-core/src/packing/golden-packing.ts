/** For tests only: what `tooling/fixtures/fp8-core/packing.py` writes, and its input numbers. */
import { golden } from '../golden-file.ts'

interface Pair {
  codes: string
  bytes: string
}

/** Of `packing.json`; arrays are base64. */
export const goldenPacking: {
  adjacent: { cases: Pair[]; oddCodes: string; oddBytes: string }
  'gguf-mxfp4': Pair
  'gguf-nvfp4': Pair
  fp6: { count: number; bytes: number; sha256: string }[]
  ue8m0: {
    shape: [number, number]
    rowsPerScale: number
    scalesSha256: string
    strides: [number, number]
    length: number
    sha256: string
  }[]
  scaleTiles: { shape: [number, number]; length: number; sha256: string }[]
} = golden('packing.json')

/** Bytes 0 .. modulus - 1: the upper byte of a multiplicative hash. */
export function hashed(count: number, modulus: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: count }, (_, i) => (Math.imul(i, 0x9e3779b1) >>> 24) % modulus)
}
