/** Checks of the memory calls of a backend. */
import type { Memory } from '../backend.ts'
import { ArgumentError } from '../errors.ts'
import type { BufferHandle } from '../tensor.ts'

/** The same memory, with sizes and ranges validated first. Throws `ArgumentError`. */
export function checkMemory(memory: Memory): Memory {
  return {
    alloc(bytes, label) {
      if (!Number.isSafeInteger(bytes) || bytes < 0) {
        const expected = 'an integer >= 0'
        throw new ArgumentError({ op: 'alloc', argument: `bytes of ${label}`, expected, got: `${bytes}` })
      }
      return memory.alloc(bytes, label)
    },
    write(buffer, data, offset = 0) {
      checkRange('write', buffer, offset, data.byteLength)
      memory.write(buffer, data, offset)
    },
    async read(buffer, offset = 0, bytes = buffer.bytes - offset) {
      checkRange('read', buffer, offset, bytes)
      return memory.read(buffer, offset, bytes)
    },
    free(buffer) {
      memory.free(buffer)
    },
    dispose() {
      memory.dispose()
    },
  }
}

function checkRange(op: string, buffer: BufferHandle, offset: number, bytes: number): void {
  const integers = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
  if (integers && offset >= 0 && bytes >= 0 && offset + bytes <= buffer.bytes) return
  throw new ArgumentError({
    op,
    argument: `range of ${buffer.label}`,
    expected: `inside 0 .. ${buffer.bytes} bytes`,
    got: `${offset} .. ${offset + bytes}`,
  })
}
