/** What a checkpoint was given as: one file, or a folder with several, and what lies beside a file. */
import { ArgumentError } from '../errors.ts'
import type { ByteSource, Folder } from './byte-source.ts'
import {
  type DirectoryHandle,
  handleFolder,
  isDirectoryHandle,
  type NamedBlob,
  pickedFolder,
} from './directory-handle.ts'
import { explain, nodeModule, pathOf } from './disk.ts'
import { fileFolder, fileSource } from './disk-source.ts'
import {
  type FileLocation,
  isBlob,
  isSource,
  type LocationOptions,
  placeOf,
  sourceOf,
  typeName,
} from './open-source.ts'
import { splitUrl } from './url-name.ts'
import { urlFolder, urlSource } from './url-source.ts'

/** A folder or a file, by path or URL; a picked file, picked files or directory; bytes; a `ByteSource` or `Folder`. */
export type CheckpointLocation = FileLocation | Folder | DirectoryHandle | Iterable<NamedBlob>

/** `source` is undefined for a folder; `folder` where nothing is known beside a file. */
export interface Located {
  readonly source?: ByteSource
  /** The file's name in its folder. */
  readonly file?: string
  readonly folder?: Folder
  /** The file to try should the folder have no checkpoint. */
  readonly otherwise?: ByteSource
}

/** Throws `ArgumentError` for something that is none of these, `FileNotFoundError`, `FileReadError`. */
export async function locate(location: CheckpointLocation, options: LocationOptions): Promise<Located> {
  if (typeof location === 'string' || location instanceof URL) {
    const place = placeOf('openCheckpoint', location)
    return 'url' in place ? locateUrl(place.url, options) : locatePath(pathOf(place.path))
  }
  if (
    location instanceof Uint8Array ||
    location instanceof ArrayBuffer ||
    isBlob(location) ||
    isSource(location)
  ) {
    return { source: sourceOf('openCheckpoint', location, options) }
  }
  if (isDirectoryHandle(location)) return { folder: handleFolder(location) }
  if (isFolder(location)) return { folder: location }
  const files = filesOf(location)
  if (files?.length === 1) return { source: sourceOf('openCheckpoint', files[0]!) }
  if (files !== undefined) return { folder: pickedFolder(files) }
  const expected = 'a path, a URL, a Blob or several, bytes, a ByteSource or a Folder'
  throw new ArgumentError({ op: 'openCheckpoint', argument: 'location', expected, got: typeName(location) })
}

async function locatePath(path: string): Promise<Located> {
  const { stat } = nodeModule('node:fs/promises', path)
  const { basename, dirname } = nodeModule('node:path', path)
  const facts = await stat(path).catch((cause) => Promise.reject(explain(path, cause)))
  if (facts.isDirectory()) return { folder: fileFolder(path) }
  return { source: fileSource(path), file: basename(path), folder: fileFolder(dirname(path)) }
}

/**
 * A URL does not tell what it is. One whose last part has a known extension is a file. Another is tried as a folder, as
 * which models are published, and then as a file: a signed link, say.
 */
function locateUrl(url: string, { http }: LocationOptions): Located {
  const source = urlSource(url, http)
  if (!/^https?:/.test(url)) return { source }
  const { folder, file } = splitUrl(url)
  if (/\.(?:safetensors|gguf|json)$/.test(file)) return { source, file, folder: urlFolder(folder, http) }
  const itself = { folder: urlFolder(url, http) }
  return file === '' ? itself : { ...itself, otherwise: source }
}

function isFolder(value: unknown): value is Folder {
  return typeof value === 'object' && value !== null && 'open' in value && typeof value.open === 'function'
}

/** Taken out once: a generator has no second time. */
function filesOf(value: unknown): NamedBlob[] | undefined {
  if (typeof value !== 'object' || value === null || !(Symbol.iterator in value)) return undefined
  const all = [...(value as Iterable<unknown>)]
  return all.every((each): each is NamedBlob => isBlob(each) && 'name' in each) ? all : undefined
}
