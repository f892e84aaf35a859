/** The types of tensors in GGUF files, as data. Numbers and sizes: `GGMLQuantizationType` of the Python `gguf` 0.19. */
import type { StoredElements } from '../files/safetensors-dtypes.ts'
import { decodeBF16, decodeF16, decodeF32, decodeF64 } from './decode-floats.ts'
import { decodeBlocks, type IntegerBlocks } from './integer-blocks.ts'
import { unpackMXFP4, unpackNVFP4 } from './unpack-fp4-blocks.ts'
import { unpackQ2_K, unpackQ3_K, unpackQ4_K, unpackQ5_K, unpackQ6_K } from './unpack-k-blocks.ts'
import { unpackQ4_0, unpackQ4_1, unpackQ5_0, unpackQ5_1, unpackQ8_0 } from './unpack-simple-blocks.ts'

export interface GgmlType {
  readonly name: string
  /** As in the file. */
  readonly number: number
  /** Weights in a block; a row is a whole number of blocks. */
  readonly blockSize: number
  readonly blockBytes: number
  /** `out.length / blockSize` whole blocks to float32. `bytes` is aligned to 8. Missing for types not decoded here. */
  readonly decode?: (bytes: Uint8Array, out: Float32Array) => void
  /** Blocks that are integers with scales. */
  readonly integers?: IntegerBlocks
  /** Elements that a typed array can hold; missing for blocks, which are bytes. */
  readonly array?: {
    new (buffer: ArrayBuffer): StoredElements
    readonly BYTES_PER_ELEMENT: number
  }
}

function integers(
  name: string,
  number: number,
  blockSize: number,
  blockBytes: number,
  width: 16 | 32,
  minimums: boolean,
  unpack: IntegerBlocks['unpack'],
): GgmlType {
  const blocks: IntegerBlocks = { block: width === 16 ? [1, 16] : [1, 32], minimums, unpack }
  const decode = (bytes: Uint8Array, out: Float32Array) =>
    decodeBlocks(blocks, blockBytes / blockSize, bytes, out)
  return { name, number, blockSize, blockBytes, decode, integers: blocks }
}

/**
 * Numbers that are missing are of types that ggml has removed (4, 5, 31 .. 33, 36 .. 38), and of Q8_1 (9): no file has
 * it, and ggml (36 bytes a block) and its Python package (40) do not agree on its size.
 */
export const ggmlTypes: readonly GgmlType[] = [
  { name: 'F32', number: 0, blockSize: 1, blockBytes: 4, decode: decodeF32, array: Float32Array },
  { name: 'F16', number: 1, blockSize: 1, blockBytes: 2, decode: decodeF16, array: Uint16Array },
  integers('Q4_0', 2, 32, 18, 32, false, unpackQ4_0),
  integers('Q4_1', 3, 32, 20, 32, true, unpackQ4_1),
  integers('Q5_0', 6, 32, 22, 32, false, unpackQ5_0),
  integers('Q5_1', 7, 32, 24, 32, true, unpackQ5_1),
  integers('Q8_0', 8, 32, 34, 32, false, unpackQ8_0),
  integers('Q2_K', 10, 256, 84, 16, true, unpackQ2_K),
  integers('Q3_K', 11, 256, 110, 16, false, unpackQ3_K),
  integers('Q4_K', 12, 256, 144, 32, true, unpackQ4_K),
  integers('Q5_K', 13, 256, 176, 32, true, unpackQ5_K),
  integers('Q6_K', 14, 256, 210, 16, false, unpackQ6_K),
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
  integers('MXFP4', 39, 32, 17, 32, false, unpackMXFP4),
  integers('NVFP4', 40, 64, 36, 16, false, unpackNVFP4),
  { name: 'Q1_0', number: 41, blockSize: 128, blockBytes: 18 },
]

const byNumber: ReadonlyMap<number, GgmlType> = new Map(ggmlTypes.map((type) => [type.number, type]))
const byName: ReadonlyMap<string, GgmlType> = new Map(ggmlTypes.map((type) => [type.name, type]))

/** The type of that number (in a file) or name (`dtype` of a tensor), unless this version does not know it. */
export function ggmlType(key: number | string): GgmlType | undefined {
  return typeof key === 'number' ? byNumber.get(key) : byName.get(key)
}
