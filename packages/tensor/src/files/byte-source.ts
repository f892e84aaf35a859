/** Where a file's bytes come from: memory, a `Blob`, the network (`url-source.ts`), a disk (`../node.ts`). */
import { FileNotFoundError, FileReadError } from './errors.ts'

/** One file, read by ranges. */
export interface ByteSource {
  /** Path, URL or file name, for error messages. */
  readonly name: string
  /** Bytes of the whole file. Throws `FileNotFoundError`, `FileReadError`. */
  size(): Promise<number>
  /** Exactly `length` bytes from `offset`, never fewer. Throws `FileReadError` when they are not all there. */
  read(offset: number, length: number): Promise<Uint8Array>
  /** As `read`, into the caller's bytes: fills all of `into`. A source without it is read and copied. */
  readInto?(offset: number, into: Uint8Array): Promise<void>
}

/** Several files that belong together, such as a checkpoint. */
export interface Folder {
  /** Path or URL, for error messages. */
  readonly name: string
  /** The file of that name. A missing one may show here or at its first read: `FileNotFoundError`. */
  open(name: string): Promise<ByteSource>
  /** Names of the files in it, in any order; a folder behind a URL cannot tell. */
  list?(): Promise<readonly string[]>
}

/** A file in memory. The bytes are not copied here; `read` copies (`slice` would not: it is a view on Node's `Buffer`). */
export function bytesSource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: async () => bytes.byteLength,
    async read(offset, length) {
      checkRange(name, offset, length, bytes.byteLength)
      return new Uint8Array(bytes.subarray(offset, offset + length))
    },
    async readInto(offset, into) {
      checkRange(name, offset, into.byteLength, bytes.byteLength)
      into.set(bytes.subarray(offset, offset + into.byteLength))
    },
  }
}

/** Fills `into` with the bytes of a source from `offset`. Throws `FileReadError`. */
export async function readInto(source: ByteSource, offset: number, into: Uint8Array): Promise<void> {
  if (source.readInto !== undefined) return source.readInto(offset, into)
  into.set(await source.read(offset, into.byteLength))
}

/** A `Blob` or `File`, for example from a file picker; only the ranges asked for are loaded. */
export function blobSource(blob: Blob, name: string = isFile(blob) ? blob.name : 'blob'): ByteSource {
  return {
    name,
    size: async () => blob.size,
    async read(offset, length) {
      checkRange(name, offset, length, blob.size)
      try {
        return new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer())
      } catch (cause) {
        // A picked file that has changed on disk since then is refused by the browser.
        throw new FileReadError({
          path: name,
          problem: 'cannot be read (changed since it was opened?)',
          cause,
        })
      }
    },
  }
}

function isFile(blob: Blob): blob is File {
  return typeof File !== 'undefined' && blob instanceof File
}

/** A folder of sources that exist already, found by `name`: picked files, or bytes in memory. */
export function folderOf(name: string, sources: Iterable<ByteSource>): Folder {
  const byName = new Map([...sources].map((source) => [source.name, source]))
  return {
    name,
    async open(file) {
      const source = byName.get(file)
      if (source === undefined) throw new FileNotFoundError({ path: `${name}/${file}` })
      return source
    },
    list: async () => [...byName.keys()],
  }
}

/** Throws `FileReadError` unless `offset .. offset + length` lies inside a file of `size` bytes. */
export function checkRange(name: string, offset: number, length: number, size: number): void {
  const integers = Number.isSafeInteger(offset) && Number.isSafeInteger(length)
  if (integers && offset >= 0 && length >= 0 && offset + length <= size) return
  throw new FileReadError({
    path: name,
    problem: `cannot read bytes ${offset} .. ${offset + length}: the file has ${size}`,
  })
}

/** Room for `length` bytes. Throws `FileReadError` when the JavaScript engine has no array of that size. */
export function makeRoom(name: string, length: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(length)
  } catch (cause) {
    throw new FileReadError({ path: name, problem: `no memory for ${length} bytes at once`, cause })
  }
}
