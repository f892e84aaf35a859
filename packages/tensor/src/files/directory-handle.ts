/** Folders of a page: what `showDirectoryPicker` or `navigator.storage.getDirectory` gives, and picked files. */
import { blobSource, type Folder } from './byte-source.ts'
import { FileNotFoundError, FileReadError } from './errors.ts'

/** The part of a `FileSystemDirectoryHandle` that is used here: without the DOM's types, for Node. */
export interface DirectoryHandle {
  readonly kind: 'directory'
  readonly name: string
  getFileHandle(name: string, options?: { create?: boolean }): Promise<FileHandleLike>
  removeEntry(name: string): Promise<void>
  keys(): AsyncIterable<string>
}

/** The part of a `FileSystemFileHandle` that is used here. */
export interface FileHandleLike {
  getFile(): Promise<Blob>
  createWritable(): Promise<WritableStream<Uint8Array<ArrayBuffer>>>
}

/** A picked `File`, also where the DOM's types are missing. */
export type NamedBlob = Blob & { readonly name: string }

export function isDirectoryHandle(value: unknown): value is DirectoryHandle {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'directory'
}

/** The files of a directory handle. */
export function handleFolder(handle: DirectoryHandle): Folder {
  return {
    name: handle.name,
    async open(file) {
      const path = `${handle.name}/${file}`
      try {
        return blobSource(await (await handle.getFileHandle(file)).getFile(), path)
      } catch (cause) {
        const missing = cause instanceof Error && ['NotFoundError', 'TypeMismatchError'].includes(cause.name)
        if (missing) throw new FileNotFoundError({ path, cause })
        throw new FileReadError({ path, problem: cause instanceof Error ? cause.message : `${cause}`, cause })
      }
    },
    async list() {
      try {
        return await namesIn(handle)
      } catch (cause) {
        const problem = cause instanceof Error ? cause.message : `${cause}`
        throw new FileReadError({ path: handle.name, problem, cause })
      }
    },
  }
}

/** Names of the files and folders in it. */
export async function namesIn(handle: DirectoryHandle): Promise<string[]> {
  const names: string[] = []
  for await (const name of handle.keys()) names.push(name)
  return names
}

/**
 * Picked files as a folder. Of a picked directory all files come, those of its subfolders too: these are left out,
 * so that a checkpoint's files and those of a copy below it are not taken for each other.
 */
export function pickedFolder(files: Iterable<NamedBlob>): Folder {
  const all = [...files]
  const depth = (file: NamedBlob) => (relativePath(file).match(/\//g) ?? []).length
  const top = Math.min(...all.map(depth))
  const kept = all.filter((file) => depth(file) === top)
  const byName = new Map(kept.map((file) => [file.name, file]))
  const name = (kept[0] && relativePath(kept[0]).split('/').at(-2)) || 'picked files'
  return {
    name,
    async open(file) {
      const found = byName.get(file)
      if (found === undefined) throw new FileNotFoundError({ path: `${name}/${file}` })
      return blobSource(found, `${name}/${file}`)
    },
    list: async () => [...byName.keys()],
  }
}

function relativePath(file: NamedBlob): string {
  return (
    ('webkitRelativePath' in file &&
      typeof file.webkitRelativePath === 'string' &&
      file.webkitRelativePath) ||
    file.name
  )
}
