/** The words that threads share: the record `Control` of `assembly/control.ts`. */
import { IndexError } from '@octoscale/tensor'
import type { Heap } from './heap.ts'
import { indexTensors, opNames } from './opcodes.ts'
import { fieldAt, recordBytes, writeField } from './records.ts'

/** Its fields that this thread uses. */
type Field = 'published' | 'idle' | 'cancelled' | 'skipped' | 'failed'

/** `SCRATCH_BYTES` of `assembly/control.ts`. */
const SCRATCH_BYTES = 128

/** Which index tensor of which operation holds what, by number. */
export type IndexFault = readonly [op: number, tensor: number, index: number, limit: number]

export class Control {
  readonly address: number
  readonly threads: number
  readonly #heap: Heap

  constructor(heap: Heap, threads: number, start: number) {
    this.#heap = heap
    this.threads = threads
    this.address = heap.addressOf('control', heap.alloc(recordBytes(heap, 'Control'), 'control'))
    const scratch = heap.addressOf('control', heap.alloc(threads * SCRATCH_BYTES, 'scratch of threads'))
    writeField(heap, this.address, 'Control', 'threads', threads)
    writeField(heap, this.address, 'Control', 'start', start)
    writeField(heap, this.address, 'Control', 'scratch', scratch)
  }

  /** Lets the threads see `count` more descriptors. */
  publish(count: number): void {
    const { i32 } = this.#heap
    Atomics.add(i32, this.#at('published'), count)
    if (Atomics.load(i32, this.#at('idle')) > 0) Atomics.notify(i32, this.#at('published'))
  }

  /** What is published is passed over from the next operation on. */
  cancel(): void {
    Atomics.store(this.#heap.i32, this.#at('cancelled'), 1)
  }

  /** The end of `cancel`, when the threads have nothing to do. */
  resume(): void {
    this.#set('cancelled', 0)
    this.#set('skipped', 0)
  }

  /** The index that the last operation of this thread found out of range; afterwards there is none. */
  takeFault(): IndexFault | undefined {
    const { i32 } = this.#heap
    const at = this.#at('failed')
    if (i32[at] === 0) return undefined
    i32[at] = 0
    return [i32[at + 1]!, i32[at + 2]!, i32[at + 3]!, i32[at + 4]!]
  }

  #set(name: Field, value: number): void {
    this.#heap.i32[this.#at(name)] = value
  }

  #at(name: Field): number {
    return this.address / 4 + fieldAt(this.#heap, 'Control', name)
  }
}

export function indexError([op, tensor, index, limit]: IndexFault): IndexError {
  return new IndexError({ op: opNames[op]!, tensor: indexTensors[tensor]!, index, limit })
}
