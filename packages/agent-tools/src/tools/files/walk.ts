import type { Dirent } from 'node:fs'
import { lstat, opendir, realpath } from 'node:fs/promises'
import { join, relative, sep } from 'node:path'
import { asked, type RootFolder } from './root-folder.ts'

export interface FoundEntry {
  /** From the root, with `/`. */
  readonly path: string
  readonly kind: 'file' | 'folder'
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
 * and so is what is neither file nor folder. Returns whether the limit on entries cut it.
 */
export async function* walk(
  folder: RootFolder,
  path: string,
  limits: WalkLimits,
): AsyncGenerator<FoundEntry, boolean> {
  const start = await folder.resolve(path)
  if ((await asked(path, lstat(start))).isFile()) {
    yield { path: pathFromRoot(folder, start), kind: 'file' }
    return false
  }
  const pending = [{ real: start, level: 1 }]
  let looked = 0
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    limits.signal.throwIfAborted()
    const { real, level } = next
    // A folder that was exchanged for a link since it was listed is left out.
    if ((await realpath(real).catch(() => '')) !== real) continue
    const from = pathFromRoot(folder, real)
    const { entries, cut } = await asked(from || path, readFolder(real, limits.maxEntries - looked))
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
    if (cut) return true
    pending.push(...deeper.reverse())
  }
  return false
}

const byName = (a: Dirent, b: Dirent): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

const pathFromRoot = (folder: RootFolder, real: string): string =>
  relative(folder.root, real).split(sep).join('/')

async function readFolder(real: string, room: number): Promise<{ entries: Dirent[]; cut: boolean }> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(real)) {
    if (entries.length >= room) return { entries, cut: true }
    entries.push(entry)
  }
  return { entries, cut: false }
}
