/** A lock between processes: who can make the folder has it. */
import { mkdir, rm, stat } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'

/** A lock older than this was left behind by a process that was killed. */
const staleMilliseconds = 120_000

/** Runs `work` while nobody else who asks for the lock of the same `path` does; waits for them first. */
export async function withFolderLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  while (!(await take(path))) await wait(50)
  try {
    return await work()
  } finally {
    await rm(path, { recursive: true, force: true })
  }
}

async function take(path: string): Promise<boolean> {
  try {
    await mkdir(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  const since = await stat(path).then(
    (stats) => stats.mtimeMs,
    () => Date.now(),
  )
  if (Date.now() - since > staleMilliseconds) await rm(path, { recursive: true, force: true })
  return false
}
