/**
 * Files on a disk, where there is Node.
 *
 * Node's modules are asked for when a file is read, through `process.getBuiltinModule`, not imported: so this module
 * can be bundled for a browser, where a path is a clear error instead of a broken build.
 */
import type { FileHandle } from 'node:fs/promises'
import { type ByteSource, checkRange, type Folder, makeRoom } from './byte-source.ts'
import { explain, nodeModule, pathOf } from './disk.ts'
import { lingeringHandle } from './disk-handle.ts'
import { realFile } from './disk-links.ts'
import { FileReadError } from './errors.ts'

/** Node refuses to read 2 GiB or more at once. */
const MOST_PER_READ = 2 ** 30

export interface FolderOptions {
  /** Also open symbolic links that leave the folder, wherever they lead. Default false. */
  readonly followLinks?: boolean
}

/** What makes a file the same one that was opened. */
interface Identity {
  readonly size: number
  readonly mtimeMs: number
  readonly ino: number
}

/**
 * A file on disk. It is opened when it is read and closed a moment later: nothing to dispose, nothing that leaks. A file
 * that is rewritten in between is refused, since its parts would not belong together.
 * Throws `FileNotFoundError`, and `FileReadError` for a folder, a pipe, a changed file, or one that may not be read.
 */
export function fileSource(location: string | URL): ByteSource {
  return sourceAt(pathOf(location))
}

/**
 * The files of a folder on disk, such as a downloaded checkpoint. A symbolic link in it that leads out of the folder is
 * a `FileReadError`, but for those of the Hugging Face cache, from `snapshots/<revision>` to its blobs.
 */
export function fileFolder(location: string | URL, { followLinks = false }: FolderOptions = {}): Folder {
  const path = pathOf(location)
  const join = (file: string) => nodeModule('node:path', path).join(path, file)
  return {
    name: path,
    async open(file) {
      const named = join(file)
      return followLinks ? sourceAt(named) : sourceAt(named, await realFile(path, named))
    },
    async list() {
      const { readdir } = nodeModule('node:fs/promises', path)
      return readdir(path).catch((cause) => Promise.reject(explain(path, cause)))
    },
  }
}

/** `path` is for messages; the file is read at `place`. */
function sourceAt(path: string, place: string = path): ByteSource {
  let first: Identity | undefined
  const check = (facts: Identity & { isFile(): boolean }): number => {
    // A pipe or device could block for ever.
    if (!facts.isFile()) throw new FileReadError({ path, problem: 'is not a regular file' })
    // Only these: the whole record would be kept for as long as the source.
    first ??= { size: facts.size, mtimeMs: facts.mtimeMs, ino: facts.ino }
    const { size, mtimeMs, ino } = first
    if (facts.size !== size || facts.mtimeMs !== mtimeMs || facts.ino !== ino) {
      throw new FileReadError({ path, problem: 'has changed since it was opened; open it again' })
    }
    return size
  }
  const size = async () => {
    const { stat } = nodeModule('node:fs/promises', path)
    return check(await stat(place).catch((cause) => Promise.reject(explain(path, cause))))
  }
  const withFile = lingeringHandle(path, place)
  const fill = (offset: number, into: Uint8Array) =>
    withFile(async (file) => {
      // At once: the answer is the same, and a read of a small tensor takes half as long.
      const [facts] = await Promise.all([file.stat(), readAll(file, path, offset, into)]).catch((cause) =>
        Promise.reject(cause instanceof FileReadError ? cause : explain(path, cause)),
      )
      check(facts)
    })
  return {
    name: path,
    size,
    async read(offset, length) {
      checkRange(path, offset, length, first?.size ?? (await size()))
      const bytes = makeRoom(path, length)
      await fill(offset, bytes)
      return bytes
    },
    async readInto(offset, into) {
      checkRange(path, offset, into.byteLength, first?.size ?? (await size()))
      await fill(offset, into)
    },
  }
}

async function readAll(file: FileHandle, path: string, offset: number, into: Uint8Array): Promise<void> {
  for (let done = 0; done < into.byteLength; ) {
    const part = Math.min(into.byteLength - done, MOST_PER_READ)
    const { bytesRead } = await file.read(into, done, part, offset + done)
    if (bytesRead === 0) throw new FileReadError({ path, problem: 'became shorter while it was read' })
    done += bytesRead
  }
}
