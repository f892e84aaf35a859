/** A file's SHA-256, found while the file is read. */
import { type ByteSource, readInto } from './byte-source.ts'
import { createSha256 } from './sha256.ts'

export interface Progress {
  /** Bytes done. */
  readonly bytes: number
  /** Bytes in all. */
  readonly total: number
}

export interface HashOptions {
  readonly signal?: AbortSignal | undefined
  /** Called after each part, some megabytes. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

/** A source that hashes what is read through it. */
export interface HashingSource extends ByteSource {
  /**
   * The SHA-256 of the whole file, 64 lower-case hexadecimal digits. What was read in order from the start on is hashed
   * already, so that who has read everything in order waits for nothing; the rest is read now. Throws `FileReadError`,
   * the reason of the signal.
   */
  sha256(options?: HashOptions): Promise<string>
}

const PART_BYTES = 4 * 2 ** 20

/** Reads through to `source`. Ranges out of order cost nothing here: they are read again by `sha256`. */
export function hashingSource(source: ByteSource): HashingSource {
  const hash = createSha256()
  let hashed = 0
  let digest: string | undefined
  const see = (offset: number, bytes: Uint8Array) => {
    const end = offset + bytes.byteLength
    if (offset > hashed || end <= hashed || digest !== undefined) return
    hash.update(bytes.subarray(hashed - offset))
    hashed = end
  }
  const fill = async (offset: number, into: Uint8Array) => {
    await readInto(source, offset, into)
    see(offset, into)
  }
  return {
    name: source.name,
    size: () => source.size(),
    async read(offset, length) {
      const bytes = await source.read(offset, length)
      see(offset, bytes)
      return bytes
    },
    readInto: fill,
    async sha256({ signal, onProgress } = {}) {
      const total = await source.size()
      const room = new Uint8Array(Math.min(PART_BYTES, total - hashed))
      while (hashed < total) {
        signal?.throwIfAborted()
        await fill(hashed, room.subarray(0, Math.min(room.byteLength, total - hashed)))
        onProgress?.({ bytes: hashed, total })
      }
      signal?.throwIfAborted()
      digest ??= hash.digest()
      return digest
    },
  }
}
