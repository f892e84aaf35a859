/** The types of tensors in GGUF files, as data. Numbers and sizes: `GGMLQuantizationType` of the Python `gguf` 0.19. */
import type { StoredElements } from '../files/safetensors-dtypes.ts'
import { decodeBF16, decodeF16, decodeF32, decodeF64 } from './decode-floats.ts'
import { decodeMXFP4, decodeNVFP4 } from './decode-fp4-blocks.ts'
import { decodeQ2_K, decodeQ3_K, decodeQ4_K, decodeQ5_K, decodeQ6_K } from './decode-k-blocks.ts'
import { decodeQ4_0, decodeQ4_1, decodeQ5_0, decodeQ5_1, decodeQ8_0 } from './decode-simple-blocks.ts'

export interface GgmlType {
  readonly name: string
  /** As in the file. */
  readonly number: number
  /** Weights in a block; a row is a whole number of blocks. */
  readonly blockSize: number
  readonly blockBytes: number
  /** `out.length / blockSize` whole blocks to float32. `bytes` is aligned to 8. Missing for types not decoded here. */
  readonly decode?: (bytes: Uint8Array, out: Float32Array) => void
  /** Elements that a typed array can hold; missing for blocks, which are bytes. */
  readonly array?: {
    new (buffer: ArrayBuffer): StoredElements
    readonly BYTES_PER_ELEMENT: number
  }
}

/**
 * Numbers that are missing are of types that ggml has removed (4, 5, 31 .. 33, 36 .. 38), and of Q8_1 (9): no file has
 * it, and ggml (36 bytes a block) and its Python package (40) do not agree on its size.
 */
export const ggmlTypes: readonly GgmlType[] = [
  { name: 'F32', number: 0, blockSize: 1, blockBytes: 4, decode: decodeF32, array: Float32Array },
  { name: 'F16', number: 1, blockSize: 1, blockBytes: 2, decode: decodeF16, array: Uint16Array },
  { name: 'Q4_0', number: 2, blockSize: 32, blockBytes: 18, decode: decodeQ4_0 },
  { name: 'Q4_1', number: 3, blockSize: 32, blockBytes: 20, decode: decodeQ4_1 },
  { name: 'Q5_0', number: 6, blockSize: 32, blockBytes: 22, decode: decodeQ5_0 },
  { name: 'Q5_1', number: 7, blockSize: 32, blockBytes: 24, decode: decodeQ5_1 },
  { name: 'Q8_0', number: 8, blockSize: 32, blockBytes: 34, decode: decodeQ8_0 },
  { name: 'Q2_K', number: 10, blockSize: 256, blockBytes: 84, decode: decodeQ2_K },
  { name: 'Q3_K', number: 11, blockSize: 256, blockBytes: 110, decode: decodeQ3_K },
  { name: 'Q4_K', number: 12, blockSize: 256, blockBytes: 144, decode: decodeQ4_K },
  { name: 'Q5_K', number: 13, blockSize: 256, blockBytes: 176, decode: decodeQ5_K },
  { name: 'Q6_K', number: 14, blockSize: 256, blockBytes: 210, decode: decodeQ6_K },
  { name: 'Q8_K', number: 15, blockSize: 256, blockBytes: 292 },
  { name: 'IQ2_XXS', number: 16, blockSize: 256, blockBytes: 66 },
  { name: 'IQ2_XS', number: 17, blockSize: 256, blockBytes: 74 },
  { name: 'IQ3_XXS', number: 18, blockSize: 256, blockBytes: 98 },
  { name: 'IQ1_S', number: 19, blockSize: 256, blockBytes: 50 },
  { name: 'IQ4_NL', number: 20, blockSize: 32, blockBytes: 18 },
  { name: 'IQ3_S', number: 21, blockSize: 256, blockBytes: 110 },
  { name: 'IQ2_S', number: 22, blockSize: 256, blockBytes: 82 },
  { name: 'IQ4_XS', number: 23, blockSize: 256, blockBytes: 136 },
  { name: 'I8', number: 24, blockSize: 1, blockBytes: 1, array: Int8Array },
  { name: 'I16', number: 25, blockSize: 1, blockBytes: 2, array: Int16Array },
  { name: 'I32', number: 26, blockSize: 1, blockBytes: 4, array: Int32Array },
  { name: 'I64', number: 27, blockSize: 1, blockBytes: 8, array: BigInt64Array },
  { name: 'F64', number: 28, blockSize: 1, blockBytes: 8, decode: decodeF64, array: Float64Array },
  { name: 'IQ1_M', number: 29, blockSize: 256, blockBytes: 56 },
  { name: 'BF16', number: 30, blockSize: 1, blockBytes: 2, decode: decodeBF16, array: Uint16Array },
  { name: 'TQ1_0', number: 34, blockSize: 256, blockBytes: 54 },
  { name: 'TQ2_0', number: 35, blockSize: 256, blockBytes: 66 },
  { name: 'MXFP4', number: 39, blockSize: 32, blockBytes: 17, decode: decodeMXFP4 },
  { name: 'NVFP4', number: 40, blockSize: 64, blockBytes: 36, decode: decodeNVFP4 },
  { name: 'Q1_0', number: 41, blockSize: 128, blockBytes: 18 },
]

const byNumber: ReadonlyMap<number, GgmlType> = new Map(ggmlTypes.map((type) => [type.number, type]))
const byName: ReadonlyMap<string, GgmlType> = new Map(ggmlTypes.map((type) => [type.name, type]))

/** The type of that number (in a file) or name (`dtype` of a tensor), unless this version does not know it. */
export function ggmlType(key: number | string): GgmlType | undefined {
  return typeof key === 'number' ? byNumber.get(key) : byName.get(key)
}
