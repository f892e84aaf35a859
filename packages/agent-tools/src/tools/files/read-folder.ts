/** The entries of a folder, and of no other that took its place meanwhile. */
import { constants, type Dirent } from 'node:fs'
import { open, opendir, readlink } from 'node:fs/promises'
import { staysTheSame } from './root-folder.ts'

interface FolderEntries {
  readonly entries: readonly Dirent[]
  /** There are more. */
  readonly cut: boolean
}

const openFlags = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)

/** What opening gives for a folder that is gone, or a link now. */
const exchanged = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

/**
 * At most `room` entries of the folder `real`, a path without links; undefined if it is not there any more, or a link leads
 * elsewhere. The folder is opened first: Linux lists what is open, wherever the path leads by then. Elsewhere the path is
 * read, and must be the open folder before and after.
 */
export async function readFolder(real: string, room: number): Promise<FolderEntries | undefined> {
  const folder = await open(real, openFlags).catch((error: NodeJS.ErrnoException) => {
    if (exchanged.has(error.code ?? '')) return undefined
    throw error
  })
  if (folder === undefined) return undefined
  try {
    const handle = `/proc/self/fd/${folder.fd}`
    const place = await readlink(handle).catch(() => undefined)
    if (place !== undefined) return place === real ? await readEntries(handle, room) : undefined
    if (!(await staysTheSame(real, folder))) return undefined
    const found = await readEntries(real, room)
    return (await staysTheSame(real, folder)) ? found : undefined
  } finally {
    await folder.close()
  }
}

async function readEntries(path: string, room: number): Promise<FolderEntries> {
  const entries: Dirent[] = []
  for await (const entry of await opendir(path)) {
    if (entries.length >= room) return { entries, cut: true }
    entries.push(entry)
  }
  return { entries, cut: false }
}
