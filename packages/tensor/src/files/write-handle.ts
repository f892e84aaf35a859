/** A folder of a page to write to: the browser keeps a swap file until the stream is closed. */
import { type DirectoryHandle, namesIn } from './directory-handle.ts'
import { FileWriteError } from './errors.ts'
import type { WritableFolder } from './write-target.ts'

/** The folder of a directory handle, for example `await navigator.storage.getDirectory()`. */
export function handleTarget(handle: DirectoryHandle): WritableFolder {
  const failed = (file: string) => (cause: Error) =>
    Promise.reject(new FileWriteError({ path: `${handle.name}/${file}`, problem: cause.message, cause }))
  const list = () => namesIn(handle).catch(failed('*'))
  return {
    name: handle.name,
    list,
    async remove(file) {
      await handle.removeEntry(file).catch(failed(file))
    },
    async create(file) {
      const existed = (await list()).includes(file)
      const created = await handle.getFileHandle(file, { create: true }).catch(failed(file))
      const stream = await created.createWritable().catch(failed(file))
      const writer = stream.getWriter()
      return {
        // The browser keeps what it is given until it has written it.
        write: (bytes) => writer.write(bytes as Uint8Array<ArrayBuffer>).catch(failed(file)),
        finish: async () => {},
        commit: () => writer.close().catch(failed(file)),
        async discard() {
          await writer.abort().catch(() => {})
          // Asking for the handle made an empty file.
          if (!existed) await handle.removeEntry(file).catch(() => {})
        },
      }
    },
  }
}
