/** A folder on disk to write to, in Node: under another name first, then renamed. */
import { nodeModule } from './disk.ts'
import { FileWriteError } from './errors.ts'
import type { PendingFile, WritableFolder } from './write-target.ts'

/** The folder of that path, made when the first file is begun. */
export function diskTarget(path: string): WritableFolder {
  const { join } = nodeModule('node:path', path)
  const fs = nodeModule('node:fs/promises', path)
  const failed = (file: string) => (cause: Error) =>
    Promise.reject(new FileWriteError({ path: file, problem: cause.message, cause }))
  return {
    name: path,
    async create(file) {
      await fs.mkdir(path, { recursive: true }).catch(failed(path))
      return beginFile(join(path, file))
    },
    async list() {
      return fs.readdir(path).catch((cause) => (cause.code === 'ENOENT' ? [] : failed(path)(cause)))
    },
    async remove(file) {
      await fs.rm(join(path, file)).catch(failed(join(path, file)))
    },
  }
}

/** A file that appears at `path` on `commit`, in one step of the file system. Throws `FileWriteError`. */
export async function beginFile(path: string): Promise<PendingFile> {
  const fs = nodeModule('node:fs/promises', path)
  const { basename, dirname, join } = nodeModule('node:path', path)
  const failed = (cause: Error) => Promise.reject(new FileWriteError({ path, problem: cause.message, cause }))
  // Another name in the same folder: a rename across disks would copy. `wx`: never through a link that lies there.
  const partial = join(dirname(path), `.${basename(path)}.${globalThis.crypto.randomUUID()}.partial`)
  const handle = await fs.open(partial, 'wx').catch(failed)
  let open = true
  const close = async () => {
    if (open) await handle.close()
    open = false
  }
  return {
    async write(bytes) {
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await handle.write(bytes, done).catch(failed)
        done += bytesWritten
      }
    },
    async finish() {
      // A rename may reach the disk before the bytes do.
      await handle.sync().catch(failed)
      await close().catch(failed)
    },
    async commit() {
      await fs.rename(partial, path).catch(failed)
    },
    async discard() {
      await close().catch(() => {})
      await fs.rm(partial, { force: true }).catch(() => {})
    },
  }
}
