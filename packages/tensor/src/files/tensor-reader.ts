/** What every file of tensors offers, whatever its format. */
import { ArgumentError } from '../errors.ts'
import type { StoredTensor } from './header.ts'
import { printable } from './json-keys.ts'
import type { ReadFloat32Options } from './row-range.ts'
import type { StoredElements } from './safetensors-dtypes.ts'

/** Named tensors that can be read one by one: a file, or a checkpoint of several files. */
export interface TensorReader {
  /** For error messages: path or URL. */
  readonly name: string
  /** All tensor names, in the order in which the file gives them. */
  readonly names: readonly string[]
  has(tensor: string): boolean
  /** dtype, shape and place. Throws `FormatError` when there is no such tensor. */
  info(tensor: string): Promise<StoredTensor>
  /** The stored bytes, of any dtype. Throws `FormatError`, `FileReadError`. */
  read(tensor: string): Promise<Uint8Array>
  /**
   * Some of the stored bytes: fills `into`, beginning with byte `offset` of the tensor. For tensors larger than memory,
   * and for reading many into the same memory. Throws `ArgumentError` when the tensor has not so many.
   */
  readInto(tensor: string, offset: number, into: Uint8Array): Promise<void>
  /** The stored elements in their typed array (`safetensorsDTypes`). Throws `FormatError` for an unknown dtype. */
  readElements(tensor: string): Promise<StoredElements>
  /**
   * Float values: F32; BF16, F16 and all floats of 8, 6 and 4 bits decoded exactly (codes as they are, without any block
   * scale); F64 rounded. Throws `FormatError` for a dtype that is no float, `ArgumentError` for rows that it has not.
   */
  readFloat32(tensor: string, options?: ReadFloat32Options): Promise<Float32Array>
}

export interface ChunkOptions {
  /** Most bytes in one chunk; default 4 MiB. */
  readonly chunkBytes?: number
  readonly signal?: AbortSignal | undefined
}

/** Throws `ArgumentError` unless `offset .. offset + length` lies inside the tensor's bytes. */
export function checkPart(tensor: string, bytes: number, offset: number, length: number): void {
  if (Number.isSafeInteger(offset) && offset >= 0 && offset + length <= bytes) return
  const expected = `within the ${bytes} bytes of the tensor`
  const argument = `the part of tensor ${printable(tensor)}`
  throw new ArgumentError({ op: 'readInto', argument, expected, got: `${offset} .. ${offset + length}` })
}
