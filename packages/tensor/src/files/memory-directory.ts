/** A directory handle without a browser, for tests: files appear when their stream is closed, as in Chromium. */
import type { DirectoryHandle } from './directory-handle.ts'

/** `files` is what it holds, now and later. */
export function memoryDirectory(
  files: Readonly<Record<string, string | Uint8Array>> = {},
  name = 'directory',
): DirectoryHandle & { readonly files: Map<string, Blob> } {
  const blob = (data: string | Uint8Array) => new Blob([data as string | Uint8Array<ArrayBuffer>])
  const entries = new Map(Object.entries(files).map(([file, data]) => [file, blob(data)]))
  const missing = () => new DOMException('not there', 'NotFoundError')
  return {
    kind: 'directory',
    name,
    files: entries,
    async removeEntry(file) {
      if (!entries.delete(file)) throw missing()
    },
    async *keys() {
      yield* [...entries.keys()]
    },
    async getFileHandle(file, { create = false } = {}) {
      if (!entries.has(file) && !create) throw missing()
      if (!entries.has(file)) entries.set(file, new Blob())
      return {
        getFile: async () => entries.get(file)!,
        async createWritable() {
          const parts: Uint8Array<ArrayBuffer>[] = []
          return new WritableStream<Uint8Array<ArrayBuffer>>({
            write: (part) => void parts.push(part.slice()),
            close: () => void entries.set(file, new Blob(parts)),
          })
        },
      }
    },
  }
}
