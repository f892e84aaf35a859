/** Tensors that are no blocks: one float after the other, little-endian. `bytes` must begin a buffer, or at a multiple of 8. */
import { bf16ToF32Array, f16ToF32Array } from '@octoscale/fp8-core'

/** F32: the bytes as they are, also those of a NaN. */
export function decodeF32(bytes: Uint8Array, out: Float32Array): void {
  new Uint8Array(out.buffer, out.byteOffset, out.byteLength).set(bytes)
}

/** F64, each rounded to the nearest f32. */
export function decodeF64({ buffer, byteOffset }: Uint8Array, out: Float32Array): void {
  out.set(new Float64Array(buffer, byteOffset, out.length))
}

/** F16: exact. */
export function decodeF16({ buffer, byteOffset }: Uint8Array, out: Float32Array): void {
  f16ToF32Array(new Uint16Array(buffer, byteOffset, out.length), out)
}

/** BF16: exact, the upper half of an f32. */
export function decodeBF16({ buffer, byteOffset }: Uint8Array, out: Float32Array): void {
  bf16ToF32Array(new Uint16Array(buffer, byteOffset, out.length), out)
}
