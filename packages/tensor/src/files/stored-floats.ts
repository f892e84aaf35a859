/** From the stored elements of a tensor to float values. */
import { decodeArray, unpackFp4, unpackFp6 } from '@octoscale/fp8-core'
import type { SafetensorsDType, StoredElements } from './safetensors-dtypes.ts'

/** The dtypes with float values, in the order of their width. C64 has pairs: `readElements` gives them. */
export const floatDTypes: readonly SafetensorsDType[] = [
  'F64',
  'F32',
  'F16',
  'BF16',
  'F8_E4M3',
  'F8_E5M2',
  'F8_E4M3FNUZ',
  'F8_E5M2FNUZ',
  'F8_E8M0',
  'F6_E2M3',
  'F6_E3M2',
  'F4',
]

/** One value for each element; `elements` is returned itself if it is F32 already. */
export function storedFloats(
  dtype: SafetensorsDType,
  shape: readonly number[],
  elements: StoredElements,
): Float32Array<ArrayBuffer> {
  if (elements instanceof Float32Array) return elements
  if (elements instanceof Float64Array) return Float32Array.from(elements)
  const codes = elements as Uint8Array | Uint16Array
  if (dtype === 'F4') return decodeArray(unpackFp4(codes as Uint8Array), dtype)
  if (dtype === 'F6_E2M3' || dtype === 'F6_E3M2') {
    const count = shape.reduce((product, size) => product * size, 1)
    return decodeArray(unpackFp6(codes as Uint8Array, count), dtype)
  }
  return decodeArray(codes, dtype)
}
