/** Node's modules where there are any, and what its errors mean. */
import { FileNotFoundError, FileReadError } from './errors.ts'

interface NodeModules {
  'node:crypto': typeof import('node:crypto')
  'node:fs/promises': typeof import('node:fs/promises')
  'node:path': typeof import('node:path')
  'node:url': typeof import('node:url')
}

/** A module of Node, or `undefined` in a page. */
export function findNodeModule<Name extends keyof NodeModules>(name: Name): NodeModules[Name] | undefined {
  return globalThis.process?.getBuiltinModule?.(name) as NodeModules[Name] | undefined
}

/** A module of Node. Throws `FileReadError` for `path` in a page. */
export function nodeModule<Name extends keyof NodeModules>(name: Name, path: string): NodeModules[Name] {
  const found = findNodeModule(name)
  if (found === undefined)
    throw new FileReadError({ path, problem: 'cannot be read here: there is no Node; give a URL' })
  return found
}

/** A path, or the path of a `file:` URL. Throws `FileReadError` for a URL that is no path. */
export function pathOf(location: string | URL): string {
  if (typeof location === 'string') return location
  try {
    return nodeModule('node:url', location.href).fileURLToPath(location)
  } catch (cause) {
    if (cause instanceof FileReadError) throw cause
    throw new FileReadError({ path: `${location.protocol}//…`, problem: 'is no path of this machine', cause })
  }
}

/** An error of Node's file functions as one of ours. */
export function explain(path: string, cause: NodeJS.ErrnoException): Error {
  if (cause.code === 'ENOENT' || cause.code === 'ENOTDIR') return new FileNotFoundError({ path, cause })
  return new FileReadError({ path, problem: cause.message, cause })
}
