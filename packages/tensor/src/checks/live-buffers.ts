/** Which buffers of a backend may be used: those that it gave and that were not given back. */
import { ArgumentError } from '../errors.ts'
import type { BufferHandle } from '../tensor.ts'

export class LiveBuffers {
  readonly #buffers = new Set<BufferHandle>()
  #disposed = false
  #freed = 0

  add(buffer: BufferHandle): void {
    this.#buffers.add(buffer)
  }

  /** How many buffers were given back so far: while it stays, what was live is live. */
  get freed(): number {
    return this.#freed
  }

  remove(buffer: BufferHandle): void {
    this.#freed++
    this.#buffers.delete(buffer)
  }

  /** Forgets all buffers, for good. False when that was done before. */
  dispose(): boolean {
    const first = !this.#disposed
    this.#disposed = true
    this.#freed += this.#buffers.size + 1
    this.#buffers.clear()
    return first
  }

  /** Throws `ArgumentError` once the backend is disposed. */
  checkInUse(op: string): void {
    if (!this.#disposed) return
    throw new ArgumentError({ op, argument: 'backend', expected: 'in use', got: 'one that is disposed' })
  }

  /** Throws `ArgumentError` for a buffer that is freed or comes from elsewhere. */
  check(op: string, argument: string, buffer: BufferHandle): void {
    if (this.#buffers.has(buffer)) return
    this.checkInUse(op)
    const expected = 'in a live buffer of this backend'
    const got = `${buffer.label}, which is freed or of another backend`
    throw new ArgumentError({ op, argument, expected, got })
  }
}
