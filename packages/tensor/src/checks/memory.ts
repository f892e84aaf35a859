/** Checks of the memory calls of a backend. */
import type { Memory } from '../backend.ts'
import { ArgumentError } from '../errors.ts'
import type { BufferHandle } from '../tensor.ts'
import type { LiveBuffers } from './live-buffers.ts'

/** The same memory, with sizes, ranges and liveness validated first. Throws `ArgumentError`. */
export function checkMemory(memory: Memory, live: LiveBuffers): Memory {
  const checkRange = (op: string, buffer: BufferHandle, offset: number, bytes: number) => {
    live.check(op, `range of ${buffer.label}`, buffer)
    const integers = Number.isSafeInteger(offset) && Number.isSafeInteger(bytes)
    if (integers && offset >= 0 && bytes >= 0 && offset + bytes <= buffer.bytes) return
    throw new ArgumentError({
      op,
      argument: `range of ${buffer.label}`,
      expected: `inside 0 .. ${buffer.bytes} bytes`,
      got: `${offset} .. ${offset + bytes}`,
    })
  }
  return {
    alloc(bytes, label) {
      live.checkInUse('alloc')
      if (!Number.isSafeInteger(bytes) || bytes < 0) {
        const expected = 'an integer >= 0'
        throw new ArgumentError({ op: 'alloc', argument: `bytes of ${label}`, expected, got: `${bytes}` })
      }
      const buffer = memory.alloc(bytes, label)
      live.add(buffer)
      return buffer
    },
    write(buffer, data, offset = 0) {
      checkRange('write', buffer, offset, data.byteLength)
      memory.write(buffer, data, offset)
    },
    // The inner call happens at once, not after a tick: reads keep their place among the operations.
    async read(buffer, offset = 0, bytes = buffer.bytes - offset, signal = undefined) {
      checkRange('read', buffer, offset, bytes)
      signal?.throwIfAborted()
      return memory.read(buffer, offset, bytes, signal)
    },
    free(buffer) {
      live.check('free', 'buffer', buffer)
      live.remove(buffer)
      memory.free(buffer)
    },
    dispose() {
      if (live.dispose()) memory.dispose()
    },
  }
}
