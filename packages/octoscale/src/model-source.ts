/** What `load()` can be given, and how it becomes the folder that the packages below read. */
import {
  type ByteSource,
  blobSource,
  bytesSource,
  type CheckpointLocation,
  FileNotFoundError,
  type Folder,
  urlFolder,
  urlSource,
} from '@octoscale/tensor'
import { fileFolder, fileSource } from '@octoscale/tensor/node'
import { LoadError } from './errors.ts'

/** One file of a model: a URL (`file:` in Node), a path (Node only), a picked file, or its bytes. */
export type ModelFile = string | URL | Blob | Uint8Array

/**
 * A model: a folder or a GGUF file, by path (Node only) or URL; or its files by name, as `octoTiny` of `@octoscale/octo-tiny` has
 * them, or as a file picker gives them.
 */
export type ModelSource =
  | string
  | URL
  | { readonly name?: string; readonly files: Readonly<Record<string, ModelFile>> }

const isGguf = (name: string): boolean => name.toLowerCase().endsWith('.gguf')

/**
 * What a source names as a GGUF, by its ending: a file, with what lies beside it, since it may be one of several parts.
 * Undefined for anything else. Throws `LoadError`.
 */
export function ggufOfSource(
  source: ModelSource,
): { name: string; location: CheckpointLocation } | undefined {
  if (typeof source === 'string' || source instanceof URL) {
    const [path = ''] = String(source).split(/[?#]/)
    if (!isGguf(path)) return undefined
    const { name } = openFile(path, source)
    return { name, location: asUrl(source) ?? source }
  }
  if (typeof source !== 'object' || source === null || typeof source.files !== 'object') return undefined
  const files = Object.entries(source.files).filter(([name]) => isGguf(name))
  const [first] = files
  if (first === undefined || Object.hasOwn(source.files, 'config.json')) return undefined
  if (files.length === 1) return { name: first[0], location: openFile(...first) }
  const folder = folderOfSource(source)
  return { name: folder.name, location: { ...folder, list: async () => files.map(([name]) => name) } }
}

/** Throws `LoadError` for something that is none of these. Whether the files exist shows when they are read. */
export function folderOfSource(source: ModelSource): Folder {
  if (typeof source === 'string' || source instanceof URL) {
    const url = asUrl(source)
    if (url === undefined) return fileFolder(String(source))
    if (url.protocol === 'file:') return fileFolder(url)
    if (!isWebUrl(url)) throw notASource(String(source))
    return urlFolder(url)
  }
  if (typeof source !== 'object' || source === null || typeof source.files !== 'object') {
    throw notASource(String(source))
  }
  const name = source.name ?? 'model'
  const { files } = source
  return {
    name,
    async open(file) {
      const entry = Object.hasOwn(files, file) ? files[file] : undefined
      if (entry === undefined) throw new FileNotFoundError({ path: `${name}/${file}` })
      return openFile(file, entry)
    },
  }
}

function openFile(name: string, entry: ModelFile): ByteSource {
  if (entry instanceof Uint8Array) return bytesSource(name, entry)
  if (typeof Blob !== 'undefined' && entry instanceof Blob) return blobSource(entry, name)
  const url = asUrl(entry as string | URL)
  if (url === undefined) return fileSource(entry as string)
  if (url.protocol === 'file:') return fileSource(url)
  if (!isWebUrl(url)) throw notASource(String(entry))
  return urlSource(url)
}

const isWebUrl = (url: URL): boolean => ['http:', 'https:', 'blob:', 'data:'].includes(url.protocol)

/** A URL, or undefined for what must be a path. In a page, relative addresses are URLs; `C:\x` is never one. */
function asUrl(source: string | URL): URL | undefined {
  if (source instanceof URL) return source
  const base = typeof document === 'undefined' ? undefined : document.baseURI
  if (base !== undefined) return URL.canParse(source, base) ? new URL(source, base) : undefined
  return /^[a-z][a-z0-9+.-]+:/i.test(source) && URL.canParse(source) ? new URL(source) : undefined
}

function notASource(source: string): LoadError {
  return new LoadError({
    source,
    problem: 'is no model; give a folder (path or URL) or { files: { "config.json": ..., ... } }',
  })
}
