import type { Dirent } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { readFolder } from './read-folder.ts'
import { asked, type RootFolder } from './root-folder.ts'

/** `path` is from the root, with `/`. `cut`, always last: there are more entries than the limit, in this folder or later. */
export interface FoundEntry {
  readonly path: string
  readonly kind: 'file' | 'folder' | 'cut'
}

export interface WalkLimits {
  /** 1: what lies in the folder itself. */
  readonly depth: number
  /** Entries looked at in all. */
  readonly maxEntries: number
  readonly signal: AbortSignal
}

/**
 * Everything below a folder that the path rules allow: each folder's own entries in code unit order, then what is in
 * its folders. A path that is a file gives that file. Links are left out, since they would lead in circles or outside,
 * and so is what is neither file nor folder.
 */
export async function* walk(
  folder: RootFolder,
  path: string,
  limits: WalkLimits,
): AsyncGenerator<FoundEntry, void> {
  const start = await folder.resolve(path)
  if ((await asked(path, lstat(start))).isFile()) {
    yield { path: pathFromRoot(folder, start), kind: 'file' }
    return
  }
  const pending = [{ real: start, level: 1 }]
  let looked = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    limits.signal.throwIfAborted()
    const { real, level } = next
    const from = pathFromRoot(folder, real)
    const found = await asked(from || path, readFolder(real, limits.maxEntries - looked))
    // A folder that was exchanged for a link since it was listed is left out.
    if (found === undefined) continue
    const { entries, cut } = found
    looked += entries.length
    const deeper: typeof pending = []
    for (const entry of entries.toSorted(byName)) {
      const place = from === '' ? entry.name : `${from}/${entry.name}`
      if (!folder.allows(place)) continue
      if (entry.isFile()) yield { path: place, kind: 'file' }
      if (!entry.isDirectory()) continue
      yield { path: place, kind: 'folder' }
      if (level < limits.depth) deeper.push({ real: join(real, entry.name), level: level + 1 })
    }
    if (cut) {
      yield { path: from, kind: 'cut' }
      return
    }
    pending.push(...deeper.reverse())
  }
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const pathFromRoot = (folder: RootFolder, real: string): string =>
  relative(folder.root, real).split(sep).join('/')
