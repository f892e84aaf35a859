/** Bytes from whatever names them: a path, a URL, a picked file, or the bytes themselves. */
import { ArgumentError } from '../errors.ts'
import { type ByteSource, blobSource, bytesSource } from './byte-source.ts'
import { findNodeModule } from './disk.ts'
import { fileSource } from './disk-source.ts'
import { type UrlOptions, urlSource } from './url-source.ts'

/** One file: a path (Node), a URL (`file:` in Node), a `Blob` or picked `File`, its bytes, or a source of them. */
export type FileLocation = string | URL | Blob | Uint8Array | ArrayBuffer | ByteSource

export interface LocationOptions {
  /** How files behind a URL are asked for: headers, signal, another `fetch`. */
  readonly http?: UrlOptions
}

/** A string or URL is one of these. */
export type Place = { readonly path: string | URL } | { readonly url: string }

/**
 * The source of a file's bytes. In a page a string is a URL, relative to the page; in Node it is a path unless it
 * begins with a scheme such as `https:`. Nothing is read yet. Throws `ArgumentError` for what is none of these.
 */
export function sourceOf(op: string, location: FileLocation, options: LocationOptions = {}): ByteSource {
  if (typeof location === 'string' || location instanceof URL) {
    const place = placeOf(op, location)
    return 'url' in place ? urlSource(place.url, options.http) : fileSource(place.path)
  }
  if (location instanceof Uint8Array) return bytesSource('bytes', location)
  if (location instanceof ArrayBuffer) return bytesSource('bytes', new Uint8Array(location))
  if (isBlob(location)) return blobSource(location)
  if (isSource(location)) return location
  const expected = 'a path, a URL, a Blob, bytes or a ByteSource'
  throw new ArgumentError({ op, argument: 'location', expected, got: typeName(location) })
}

/** A path or a URL. Throws `ArgumentError` for a URL of another kind. */
export function placeOf(op: string, location: string | URL): Place {
  const url = location instanceof URL ? location : parse(location)
  if (url === undefined) return { path: location as string }
  if (url.protocol === 'file:') return { path: url }
  if (['http:', 'https:', 'blob:', 'data:'].includes(url.protocol)) return { url: url.href }
  const expected = 'a path or a URL (http, https, file, blob, data)'
  throw new ArgumentError({ op, argument: 'location', expected, got: `a URL of ${url.protocol}` })
}

/** A drive letter is no scheme. */
function parse(text: string): URL | undefined {
  if (/^[a-z][a-z0-9+.-]+:/i.test(text) && URL.canParse(text)) return new URL(text)
  if (findNodeModule('node:path') !== undefined) return undefined
  const base = globalThis.document?.baseURI ?? globalThis.location?.href
  return base !== undefined && URL.canParse(text, base) ? new URL(text, base) : undefined
}

export function isBlob(value: unknown): value is Blob {
  return typeof Blob !== 'undefined' && value instanceof Blob
}

export function isSource(value: unknown): value is ByteSource {
  return typeof value === 'object' && value !== null && 'read' in value && 'size' in value
}

export function typeName(value: unknown): string {
  if (value === null) return 'null'
  // What a file's JSON has under `constructor` is no class.
  const name = typeof value === 'object' && typeof value.constructor === 'function' && value.constructor.name
  return name || typeof value
}
