/** Where tensor dtypes meet the number formats of `@octoscale/fp8-core`. */
import { bf16ToF32Array, type FormatName, f16ToF32Array } from '@octoscale/fp8-core'
import { bytesPerElement, type DType } from './dtype.ts'
import { ArgumentError, DTypeError } from './errors.ts'

/** The number format of a dtype whose elements are codes. */
export const formatOfDType: Readonly<Record<'bf16' | 'f16' | 'f8_e4m3' | 'f8_e5m2', FormatName>> = {
  bf16: 'bf16',
  f16: 'f16',
  f8_e4m3: 'e4m3',
  f8_e5m2: 'e5m2',
}

/** The storage dtype of an FP8 format's codes. Throws `DTypeError` for a format that no tensor can hold. */
export function fp8DType(format: FormatName): 'f8_e4m3' | 'f8_e5m2' {
  if (format === 'e4m3') return 'f8_e4m3'
  if (format === 'e5m2') return 'f8_e5m2'
  throw new DTypeError({ op: 'fp8DType', tensor: 'codes', expected: 'e4m3 or e5m2', got: format })
}

/**
 * The values of dense little-endian floats, all exact: every bf16 and f16 is an f32.
 * Throws `DTypeError` for other dtypes: FP8 codes have no value without scales; `ArgumentError` for half elements.
 */
export function decodeFloats(dtype: DType, bytes: Uint8Array): Float32Array<ArrayBuffer> {
  const width = bytesPerElement(dtype)
  if (bytes.byteLength % width !== 0) {
    const expected = `a multiple of ${width} bytes for ${dtype}`
    throw new ArgumentError({ op: 'decodeFloats', argument: 'bytes', expected, got: `${bytes.byteLength}` })
  }
  // The copy also aligns: `bytes` may start anywhere in its ArrayBuffer.
  const { buffer } = new Uint8Array(bytes)
  if (dtype === 'f32') return new Float32Array(buffer)
  const values = new Float32Array(buffer.byteLength / 2)
  if (dtype === 'bf16') bf16ToF32Array(new Uint16Array(buffer), values)
  else if (dtype === 'f16') f16ToF32Array(new Uint16Array(buffer), values)
  else throw new DTypeError({ op: 'decodeFloats', tensor: 'bytes', expected: 'f32, bf16 or f16', got: dtype })
  return values
}
