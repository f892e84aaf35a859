import type { FileHandle } from 'node:fs/promises'
import { FileContentError } from './path-error.ts'
import type { RootFolder } from './root-folder.ts'

/** The text of a file in `folder`, without a byte order mark. FileContentError if it is too large or not UTF-8. */
export async function readFileText(folder: RootFolder, path: string, maxBytes: number): Promise<string> {
  return await folder.withFile(path, async (file, size) => {
    if (size > maxBytes) throw tooLarge(path, size, maxBytes)
    const bytes = await readBytes(file, maxBytes + 1)
    // The size that was reported need not be what can be read: the file may grow meanwhile.
    if (bytes.length > maxBytes) throw tooLarge(path, bytes.length, maxBytes)
    return decodeText(path, bytes)
  })
}

function tooLarge(path: string, size: number, maxBytes: number): FileContentError {
  const problem = `it has ${size} bytes or more; at most ${maxBytes} are read`
  return new FileContentError({ path, reason: 'too-large', problem })
}

async function readBytes(file: FileHandle, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let total = 0
  while (total < most) {
    const part = new Uint8Array(Math.min(most - total, 256 * 1024))
    const { bytesRead } = await file.read(part, 0, part.length, total)
    if (bytesRead === 0) break
    parts.push(part.subarray(0, bytesRead))
    total += bytesRead
  }
  return Buffer.concat(parts)
}

/** A zero byte is in nearly every binary file and in no text; what else is no UTF-8 does not decode. */
function decodeText(path: string, bytes: Uint8Array): string {
  const problem = 'it is not UTF-8 text'
  if (bytes.includes(0)) throw new FileContentError({ path, reason: 'binary', problem })
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FileContentError({ path, reason: 'binary', problem })
  }
}
