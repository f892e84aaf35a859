/**
 * Files on disk, for Node.
 *
 * Node's modules are asked for when a file is read, through `process.getBuiltinModule`, not imported: so this module
 * can be bundled for a browser, where a path is a clear error instead of a broken build.
 */
import type { Stats } from 'node:fs'
import { type ByteSource, checkRange, type Folder, makeRoom } from './files/byte-source.ts'
import { FileNotFoundError, FileReadError } from './files/errors.ts'

/** Node refuses to read 2 GiB or more at once. */
const MOST_PER_READ = 2 ** 30

/**
 * A file on disk. It is opened for each read and closed again: nothing to dispose, nothing that leaks. A file that is
 * rewritten in between is refused, since its parts would not belong together.
 * Throws `FileNotFoundError`, and `FileReadError` for a folder, a pipe, a changed file, or one that may not be read.
 */
export function fileSource(location: string | URL): ByteSource {
  const path = pathOf(location)
  let first: Stats | undefined
  const check = (facts: Stats): number => {
    // A pipe or device could block for ever.
    if (!facts.isFile()) throw new FileReadError({ path, problem: 'is not a regular file' })
    first ??= facts
    const { size, mtimeMs, ino } = first
    if (facts.size !== size || facts.mtimeMs !== mtimeMs || facts.ino !== ino) {
      throw new FileReadError({ path, problem: 'has changed since it was opened; open it again' })
    }
    return size
  }
  return {
    name: path,
    async size() {
      const { stat } = nodeModule('node:fs/promises', path)
      return check(await stat(path).catch((cause) => Promise.reject(explain(path, cause))))
    },
    async read(offset, length) {
      // Before opening: a pipe would wait there for a writer.
      checkRange(path, offset, length, await this.size())
      const bytes = makeRoom(path, length)
      const { open } = nodeModule('node:fs/promises', path)
      const file = await open(path).catch((cause) => Promise.reject(explain(path, cause)))
      try {
        check(await file.stat())
        let done = 0
        while (done < length) {
          const part = Math.min(length - done, MOST_PER_READ)
          const { bytesRead } = await file.read(bytes, done, part, offset + done)
          if (bytesRead === 0) throw new FileReadError({ path, problem: 'became shorter while it was read' })
          done += bytesRead
        }
      } finally {
        await file.close()
      }
      return bytes
    },
  }
}

/** The files of a folder on disk, such as a downloaded checkpoint. */
export function fileFolder(location: string | URL): Folder {
  const path = pathOf(location)
  return { name: path, open: async (file) => fileSource(nodeModule('node:path', path).join(path, file)) }
}

function pathOf(location: string | URL): string {
  return typeof location === 'string'
    ? location
    : nodeModule('node:url', location.href).fileURLToPath(location)
}

function nodeModule<Name extends 'node:fs/promises' | 'node:path' | 'node:url'>(
  name: Name,
  path: string,
): NodeModules[Name] {
  const found = globalThis.process?.getBuiltinModule?.(name)
  if (found === undefined)
    throw new FileReadError({ path, problem: 'cannot be read here: there is no Node; give a URL' })
  return found as NodeModules[Name]
}

interface NodeModules {
  'node:fs/promises': typeof import('node:fs/promises')
  'node:path': typeof import('node:path')
  'node:url': typeof import('node:url')
}

function explain(path: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return new FileNotFoundError({ path, cause })
  return new FileReadError({ path, problem: cause.message, cause })
}
