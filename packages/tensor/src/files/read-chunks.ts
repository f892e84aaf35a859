/** Reading what is larger than memory: piece by piece, through one buffer. */
import { ArgumentError } from '../errors.ts'
import { makeRoom } from './byte-source.ts'
import type { ChunkOptions, TensorReader } from './tensor-reader.ts'

const CHUNK_BYTES = 4 * 2 ** 20

/**
 * The stored bytes of a tensor, in order and in chunks. A chunk is valid until the next one is asked for: they share
 * memory. Throws `FormatError`, `FileReadError`, `ArgumentError`, the reason of the signal.
 */
export async function* readChunks(
  reader: TensorReader,
  tensor: string,
  { chunkBytes = CHUNK_BYTES, signal }: ChunkOptions = {},
): AsyncGenerator<Uint8Array> {
  if (!Number.isSafeInteger(chunkBytes) || chunkBytes < 1) {
    const expected = 'a whole number of bytes, at least 1'
    throw new ArgumentError({ op: 'readChunks', argument: 'chunkBytes', expected, got: `${chunkBytes}` })
  }
  const { bytes: total } = await reader.info(tensor)
  const room = makeRoom(reader.name, Math.min(chunkBytes, total))
  for (let offset = 0; offset < total; offset += room.byteLength) {
    signal?.throwIfAborted()
    const chunk = room.subarray(0, Math.min(room.byteLength, total - offset))
    await reader.readInto(tensor, offset, chunk)
    yield chunk
  }
}
