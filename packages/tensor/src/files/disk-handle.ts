/** An open file that closes itself: readers of many small tensors should not open the file for each. */
import type { FileHandle } from 'node:fs/promises'
import { explain, nodeModule } from './disk.ts'

/** Milliseconds after the last use. */
const LINGER = 100

/**
 * Gives `use` the opened file. It is opened when it is needed, shared by uses at the same time, and closed a moment after
 * the last one, also if the process has nothing else to do. Throws `FileNotFoundError`, `FileReadError`.
 */
export function lingeringHandle(
  path: string,
  place: string,
): <Result>(use: (file: FileHandle) => Promise<Result>) => Promise<Result> {
  let opened: Promise<FileHandle> | undefined
  let users = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  const open = async () => {
    const { constants, open: openFile } = nodeModule('node:fs/promises', path)
    // Should it have become a pipe, opening does not wait for a writer.
    const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)
    return openFile(place, flags).catch((cause) => Promise.reject(explain(path, cause)))
  }
  const close = () => {
    const closing = opened
    opened = undefined
    // A file that is only read has nothing to lose when it is closed.
    void closing?.then((file) => file.close()).catch(() => {})
  }
  return async (use) => {
    clearTimeout(timer)
    users++
    try {
      opened ??= open()
      return await use(await opened)
    } catch (error) {
      // The next use opens it again, and sees what is there then.
      if (users === 1) close()
      throw error
    } finally {
      users--
      if (users === 0 && opened !== undefined) {
        clearTimeout(timer)
        timer = setTimeout(close, LINGER)
        timer.unref()
      }
    }
  }
}
