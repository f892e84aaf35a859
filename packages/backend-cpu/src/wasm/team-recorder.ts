/**
 * Operations as a list of descriptors in shared memory, which a team of threads runs in order. The list is a chain of
 * pieces; a fence in it tells this thread that everything before is done.
 */
import type { Control, IndexFault } from './control.ts'
import { indexError } from './control.ts'
import type { Heap } from './heap.ts'
import { opcodes } from './opcodes.ts'
import { descriptorBytes, type Recorder, writeDescriptor } from './recorder.ts'
import { operationBytes } from './records.ts'

/** Bytes of a piece of the list: some five hundred operations. */
export const CHUNK = 65536
/** What every piece keeps free at its end, for a fence and a jump. */
const RESERVED = 64
/** Operations that gather before the threads see them: waking threads costs more than a small operation. */
const BATCH = 16
/** Data up to this size is written into the list itself. */
const LARGEST_INLINE = 16384

interface Fence {
  /** Operations before it. */
  readonly work: number
  /** What may be done now: giving memory back. */
  readonly after: readonly (() => void)[]
  /** Somebody waits: nothing behind the fence is published before `settle`. */
  readonly waiting: Waiting | undefined
}

interface Waiting {
  settle(fault: IndexFault | undefined): void
  reject(reason: unknown): void
}

export class TeamRecorder implements Recorder {
  readonly threads: number
  readonly #heap: Heap
  readonly #control: Control
  readonly #onBusy: (busy: boolean) => void
  /** Pieces that nobody uses. */
  readonly #spare: number[] = []
  #chunk: number
  #cursor: number
  /** Descriptors not yet published: those that may be, and those behind each fence that somebody waits for. */
  #segments: number[] = [0]
  /** A fence that somebody waits for is published and not reached. */
  #blocked = false
  #work = 0
  #done = 0
  #after: (() => void)[] = []
  readonly #fences: Fence[] = []
  #fault: IndexFault | undefined
  #failure: { readonly reason: unknown } | undefined

  /** `onBusy`: somebody waits for the team, or nobody any more. */
  constructor(heap: Heap, control: Control, start: number, onBusy: (busy: boolean) => void) {
    this.#heap = heap
    this.#control = control
    this.threads = control.threads
    this.#chunk = start
    this.#cursor = start
    this.#onBusy = onBusy
    heap.later = (give) => {
      if (this.#busy) this.#after.push(give)
      else give()
    }
  }

  get #busy(): boolean {
    return this.#work !== this.#done
  }

  op(opcode: number, fields: readonly number[]): void {
    this.#assertAlive()
    this.#room(descriptorBytes(this.#heap, opcode))
    this.#append(opcode, fields)
    this.#work++
    if (this.#segments[0]! >= BATCH) this.#publish()
  }

  write(address: number, data: Uint8Array): void {
    if (!this.#busy) this.#heap.u8.set(data, address)
    else if (data.byteLength > LARGEST_INLINE) this.#writeFromStaging(address, data)
    else this.#writeFromList(address, data)
  }

  #writeFromList(address: number, data: Uint8Array): void {
    const bytes = descriptorBytes(this.#heap, opcodes.copy, data.byteLength)
    this.#room(bytes)
    const source = this.#cursor + operationBytes(this.#heap, opcodes.copy)
    this.#heap.u8.set(data, source)
    this.#append(opcodes.copy, [source, address, data.byteLength], bytes)
    this.#work++
  }

  #writeFromStaging(address: number, data: Uint8Array): void {
    const staging = this.#heap.alloc(data.byteLength, 'data on its way')
    const source = this.#heap.addressOf('write', staging)
    this.#heap.u8.set(data, source)
    this.op(opcodes.copy, [source, address, data.byteLength])
    this.#heap.free(staging)
  }

  async read(address: number, bytes: number): Promise<Uint8Array> {
    this.#assertAlive()
    const copy = () => this.#heap.u8.slice(address, address + bytes)
    if (!this.#busy) return copy()
    return new Promise((resolve, reject) => {
      const settle = (fault: IndexFault | undefined) =>
        fault === undefined ? resolve(copy()) : reject(indexError(fault))
      this.#wait({ settle, reject })
    })
  }

  /** The team has reached the oldest fence. */
  reached(fault: IndexFault | undefined): void {
    const fence = this.#fences.shift()
    if (fence === undefined) return
    this.#fault ??= fault
    this.#done = fence.work
    for (const give of fence.after) give()
    if (fence.waiting === undefined) return
    fence.waiting.settle(this.#fault)
    this.#fault = undefined
    this.#blocked = false
    this.#publish()
    this.#restIfIdle()
  }

  cancel(reason: unknown): void {
    if (!this.#busy || this.#failure !== undefined) return
    this.#control.cancel()
    this.#fences.forEach((fence, i) => {
      fence.waiting?.reject(reason)
      this.#fences[i] = { ...fence, waiting: undefined }
    })
    this.#wait({ settle: () => this.#control.resume(), reject: () => {} })
    // Nobody waits any more at the fences in between.
    const [behind = 0] = this.#segments.splice(-1)
    this.#control.publish(this.#segments.reduce((sum, count) => sum + count, 0))
    this.#segments = [behind]
    this.#blocked = true
  }

  /** The team is gone: everything waited for, and everything from now on, fails with `reason`. */
  fail(reason: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = { reason }
    for (const fence of this.#fences.splice(0)) fence.waiting?.reject(reason)
    this.#restIfIdle()
  }

  dispose(reason: unknown): void {
    this.fail(reason)
  }

  #wait(waiting: Waiting): void {
    this.#fence(waiting)
    this.#segments.push(0)
    this.#onBusy(true)
    this.#publish()
  }

  #restIfIdle(): void {
    if (!this.#fences.some(({ waiting }) => waiting !== undefined)) this.#onBusy(false)
  }

  #fence(waiting: Waiting | undefined): void {
    this.#append(opcodes.fence, [])
    this.#fences.push({ work: this.#work, after: this.#after, waiting })
    this.#after = []
  }

  #append(opcode: number, fields: readonly number[], bytes?: number): void {
    const size = bytes ?? descriptorBytes(this.#heap, opcode)
    writeDescriptor(this.#heap, this.#cursor, opcode, fields, size)
    this.#cursor += size
    this.#segments[this.#segments.length - 1]!++
  }

  #publish(): void {
    const [count = 0] = this.#segments
    if (this.#blocked || count === 0) return
    if (this.#segments.length === 1) this.#segments[0] = 0
    else {
      this.#segments.shift()
      this.#blocked = true
    }
    this.#control.publish(count)
  }

  /** Makes sure that `bytes` fit at the cursor, beside what a piece keeps free. */
  #room(bytes: number): void {
    if (this.#cursor + bytes + RESERVED <= this.#chunk + CHUNK) return
    this.#fence(undefined)
    const next = this.#spare.pop() ?? this.#heap.addressOf('list', this.#heap.alloc(CHUNK, 'operations'))
    const old = this.#chunk
    this.#append(opcodes.jump, [next])
    // The next fence says that the threads have left the piece.
    this.#after.push(() => this.#spare.push(old))
    this.#chunk = next
    this.#cursor = next
  }

  #assertAlive(): void {
    if (this.#failure !== undefined) throw this.#failure.reason
  }
}
