/** Where operations go: each is a descriptor in memory, which this thread runs at once or a team of threads soon. */
import type { Control } from './control.ts'
import { indexError } from './control.ts'
import type { Heap } from './heap.ts'
import { operationBytes, writeOperation } from './records.ts'

export interface Recorder {
  readonly threads: number
  /** An operation of `assembly/`, by its number and fields. Throws `IndexError` if that is known at once. */
  op(opcode: number, fields: readonly number[]): void
  /** Writes `data` to `address`, in order with the operations. The data is taken at the call. */
  write(address: number, data: Uint8Array): void
  /** A copy of memory after all operations so far. */
  read(address: number, bytes: number): Promise<Uint8Array>
  /** Drops what was not computed yet; reads under way reject with `reason`. */
  cancel(reason: unknown): void
  /** Reads under way reject with `reason`. */
  dispose(reason: unknown): void
}

/** Writes a descriptor to `address`; `bytes` is a multiple of 16. */
export function writeDescriptor(
  heap: Heap,
  address: number,
  opcode: number,
  fields: readonly number[],
  bytes: number = descriptorBytes(heap, opcode),
): void {
  const { i32 } = heap
  const at = address / 4
  i32[at] = opcode
  i32[at + 1] = bytes
  i32[at + 2] = 0
  writeOperation(heap, address, opcode, fields)
}

/** Bytes of a descriptor with `inline` bytes of data behind it. */
export function descriptorBytes(heap: Heap, opcode: number, inline: number = 0): number {
  return Math.ceil((operationBytes(heap, opcode) + inline) / 16) * 16
}

/** Runs each operation at the call, on this thread. */
export class InlineRecorder implements Recorder {
  readonly threads = 1
  readonly #heap: Heap
  readonly #control: Control
  readonly #execute: (descriptor: number) => void

  constructor(heap: Heap, control: Control, execute: (descriptor: number) => void) {
    this.#heap = heap
    this.#control = control
    this.#execute = execute
  }

  op(opcode: number, fields: readonly number[]): void {
    const address = this.#heap.scratch('descriptor', descriptorBytes(this.#heap, opcode))
    writeDescriptor(this.#heap, address, opcode, fields)
    this.#execute(address)
    const fault = this.#control.takeFault()
    if (fault !== undefined) throw indexError(fault)
  }

  write(address: number, data: Uint8Array): void {
    this.#heap.u8.set(data, address)
  }

  async read(address: number, bytes: number): Promise<Uint8Array> {
    return this.#heap.u8.slice(address, address + bytes)
  }

  cancel(): void {}

  dispose(): void {}
}
