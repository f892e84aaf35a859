/** From reading to writing: the tensors of an open checkpoint, to be written again. */
import { FormatError } from '../errors.ts'
import { printable } from './json-keys.ts'
import { readChunks } from './read-chunks.ts'
import { isSafetensorsDType } from './safetensors-dtypes.ts'
import type { ChunkOptions, TensorReader } from './tensor-reader.ts'
import type { TensorToStream } from './write-stream.ts'

/**
 * All tensors, each read in chunks when it is written; map or filter the list to change names or contents. Throws
 * `FormatError` for a dtype that safetensors has not (GGUF's), `FileReadError`.
 */
export async function streamTensors(
  reader: TensorReader,
  options: ChunkOptions = {},
): Promise<TensorToStream[]> {
  const tensors: TensorToStream[] = []
  for (const name of reader.names) {
    const { dtype, shape } = await reader.info(name)
    if (!isSafetensorsDType(dtype)) {
      const problem = `dtype ${printable(dtype)} cannot be stored in safetensors; read its floats`
      throw new FormatError({ file: reader.name, tensor: printable(name), problem })
    }
    tensors.push({ name, dtype, shape, read: () => readChunks(reader, name, options) })
  }
  return tensors
}
