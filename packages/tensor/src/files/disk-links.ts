/**
 * Symbolic links in a folder that somebody else filled: an archive or a repository can hold one that leads to any file
 * of the reader's.
 *
 * Allowed is what lies in the folder itself, links followed, and one layout that is made of links: the cache of
 * huggingface_hub, where `<cache>/models--<owner>--<name>/snapshots/<revision>/<file>` leads to
 * `<cache>/models--<owner>--<name>/blobs/<hash>`, and that, since its version 2, perhaps on to `<cache>/blobs/<xx>/<hash>`.
 */
import { explain, nodeModule } from './disk.ts'
import { FileReadError } from './errors.ts'

/** Hash of a blob, as the hub names them: git's SHA-1, or SHA-256. */
const BLOB = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * Where the file really is. Throws `FileReadError` for one that lies outside of `folder`, `FileNotFoundError`.
 */
export async function realFile(folder: string, file: string): Promise<string> {
  const { realpath } = nodeModule('node:fs/promises', file)
  const { sep } = nodeModule('node:path', file)
  const real = (path: string) => realpath(path).catch((cause) => Promise.reject(explain(file, cause)))
  const [home, target] = [await real(folder), await real(file)]
  if (isBelow(home, target, sep)) return target
  // The folder's own path may be a link to the snapshot, or lie below it.
  const cache = cacheOf(home.split(sep))
  if (cache !== undefined && isBlob(cache, target, sep)) return target
  const problem = 'is a link that leaves its folder; open it by its own path if you trust it'
  throw new FileReadError({ path: file, problem })
}

function isBelow(folder: string, file: string, separator: string): boolean {
  return file.startsWith(folder.endsWith(separator) ? folder : folder + separator)
}

/** The folder of the cache and of the repository whose snapshot this is. */
function cacheOf(parts: readonly string[]): { cache: string[]; repository: string } | undefined {
  const at = parts.findIndex(
    (part, i) => part === 'snapshots' && /^(?:models|datasets)--/.test(parts[i - 1] ?? ''),
  )
  // Below `snapshots` there must be a revision.
  if (at < 2 || at + 1 >= parts.length) return undefined
  return { cache: parts.slice(0, at - 1), repository: parts[at - 1]! }
}

function isBlob(
  { cache, repository }: { cache: readonly string[]; repository: string },
  target: string,
  separator: string,
): boolean {
  const parts = target.split(separator)
  const hash = parts.pop() ?? ''
  if (!BLOB.test(hash)) return false
  const own = [...cache, repository, 'blobs']
  const shared = [...cache, 'blobs', hash.slice(0, 2)]
  return [own, shared].some((folder) => folder.join(separator) === parts.join(separator))
}
