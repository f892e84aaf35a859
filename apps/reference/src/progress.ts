/** A progress line for long loads: bytes and remaining time. Only on a terminal, only when it takes a while. */
import { quantity } from './terminal.ts'

export interface Progress {
  readonly update: (progress: { readonly bytes: number; readonly totalBytes: number }) => void
  readonly clear: () => void
}

/** Loads shorter than this show nothing. */
const quietMilliseconds = 500

export function createProgress(stream: NodeJS.WriteStream): Progress {
  const startedAt = performance.now()
  let shownAt = 0
  return {
    update({ bytes, totalBytes }) {
      const now = performance.now()
      if (!stream.isTTY || now - startedAt < quietMilliseconds || now - shownAt < 100) return
      shownAt = now
      const left =
        bytes === 0
          ? ''
          : `, ${Math.ceil((((totalBytes - bytes) / bytes) * (now - startedAt)) / 1000)} s left`
      stream.write(`\r\u001b[Kloading: ${quantity(bytes)}B of ${quantity(totalBytes)}B${left}`)
    },
    clear() {
      if (shownAt > 0) stream.write('\r\u001b[K')
    },
  }
}
