/** Buffers in one growing WebAssembly memory. Kernels get addresses; everybody else has opaque handles. */
import { ArgumentError, type BufferHandle, OutOfMemoryError, type Tensor } from '@octoscale/tensor'
import { ALIGNMENT, aligned, FreeList } from './free-list.ts'

const PAGE = 65536
/** Bytes of an address: 4 in a memory of at most 4 GiB, 8 in a larger one. */
export type AddressBytes = 4 | 8

const GIB = 2 ** 30
/** By bytes of an address. Of 4 GiB one page less: the end of a buffer is then an address too. */
const largest: Readonly<Record<AddressBytes, number>> = { 4: 4 * GIB - PAGE, 8: 16 * GIB }
/** Kernels may read (not use) up to a vector beyond the last row of a matrix. */
const SLACK = 16
/** Grow by at least this much, and by an eighth of what there is, so that loading a model grows rarely. */
const SMALLEST_GROWTH = 16 * PAGE

/** What is needed of a `WebAssembly.Memory`: Node's types without those of the DOM do not have that name. */
export interface LinearMemory {
  readonly buffer: ArrayBufferLike
  /** @returns the pages before */
  grow(pages: number): number
}

interface Block {
  readonly address: number
  readonly bytes: number
}

export class Heap {
  readonly addressBytes: AddressBytes
  readonly #memory: LinearMemory
  readonly #free: FreeList
  readonly #blocks = new Map<BufferHandle, Block>()
  readonly #scratch = new Map<string, Block>()
  /** Memory from here on was never handed out, so it is still zero. */
  #untouched: number
  /** All of memory, as the element types that TypeScript reads. Replaced when memory grows. */
  #u8: Uint8Array
  #i32: Int32Array
  #f32: Float32Array
  /** Says when memory that was in use may be handed out again. */
  later: (give: () => void) => void = (give) => give()

  /** `base`: the first address that is free to use. */
  constructor(memory: LinearMemory, base: number, addressBytes: AddressBytes = 4) {
    this.addressBytes = addressBytes
    const start = Math.max(aligned(base), ALIGNMENT)
    this.#memory = memory
    this.#free = new FreeList(start)
    this.#untouched = start
    this.#free.extend(Math.min(memory.buffer.byteLength, largest[addressBytes]) - SLACK - start)
    this.#u8 = new Uint8Array(memory.buffer)
    this.#i32 = new Int32Array(memory.buffer)
    this.#f32 = new Float32Array(memory.buffer)
  }

  /** Live buffers, without scratch. */
  get buffers(): number {
    return this.#blocks.size
  }

  /** Bytes taken by buffers and scratch. */
  get usedBytes(): number {
    let sum = 0
    for (const block of this.#blocks.values()) sum += block.bytes
    for (const block of this.#scratch.values()) sum += block.bytes
    return sum
  }

  /** Size of the WebAssembly memory, used or not. */
  get memoryBytes(): number {
    return this.#u8.byteLength
  }

  get u8(): Uint8Array {
    return this.#u8
  }

  get i32(): Int32Array {
    return this.#i32
  }

  get f32(): Float32Array {
    return this.#f32
  }

  /** A buffer of zeros. Throws `OutOfMemoryError`. */
  alloc(bytes: number, label: string): BufferHandle {
    const buffer: BufferHandle = Object.freeze({ bytes, label })
    this.#blocks.set(buffer, this.#take(bytes, label))
    return buffer
  }

  /** Gives a buffer back. Throws `ArgumentError` for a freed or foreign one. */
  free(buffer: BufferHandle): void {
    const block = this.#block('free', buffer)
    this.#blocks.delete(buffer)
    this.#give(block)
  }

  /** Address of a buffer. Throws `ArgumentError` for a freed or foreign one. */
  addressOf(op: string, buffer: BufferHandle): number {
    return this.#block(op, buffer).address
  }

  /** Address of a tensor's first element. Throws `ArgumentError` for a freed or foreign buffer. */
  address(t: Tensor): number {
    return this.#block('address', t.buffer).address + t.offset
  }

  /**
   * Address of working memory that kernels of one kind share: at least `bytes`, contents undefined. It grows
   * when a larger call comes and is kept, so calls of known sizes allocate nothing.
   */
  scratch(name: string, bytes: number): number {
    const block = this.#scratch.get(name)
    if (block !== undefined && block.bytes >= bytes) return block.address
    if (block !== undefined) {
      this.#scratch.delete(name)
      this.#give(block)
    }
    const larger = this.#take(bytes, `scratch of ${name}`)
    this.#scratch.set(name, larger)
    return larger.address
  }

  #give({ address, bytes }: Block): void {
    this.later(() => this.#free.give(address, bytes))
  }

  #take(requested: number, label: string): Block {
    const bytes = aligned(requested)
    let address = this.#free.take(bytes)
    if (address === undefined) {
      this.#grow(bytes - this.#free.freeAtEnd, requested, label)
      address = this.#free.take(bytes)!
    }
    const end = address + bytes
    if (address < this.#untouched) this.#u8.fill(0, address, Math.min(end, this.#untouched))
    this.#untouched = Math.max(this.#untouched, end)
    return { address, bytes }
  }

  #grow(missing: number, requested: number, label: string): void {
    const now = this.#free.end
    const least = Math.ceil(missing / PAGE) * PAGE
    const fail = (cause?: unknown): never => {
      const more = this.addressBytes === 4 ? ', or create the backend with `memoryBytes` (up to 16 GiB)' : ''
      const limit = `at most ${this.addressBytes === 4 ? 4 : 16} GiB`
      const detail = `the WebAssembly memory (${limit}) has ${now} bytes and cannot grow by ${least}: free buffers, load a smaller model${more}`
      throw new OutOfMemoryError({ label, bytes: requested, detail, cause })
    }
    if (now + least > largest[this.addressBytes] - SLACK) fail()
    const generous = Math.max(least, SMALLEST_GROWTH, Math.floor(now / 8 / PAGE) * PAGE)
    let grown = Math.min(generous, largest[this.addressBytes] - SLACK - now)
    try {
      this.#memory.grow(grown / PAGE)
    } catch {
      grown = least
      try {
        this.#memory.grow(grown / PAGE)
      } catch (cause) {
        fail(cause)
      }
    }
    this.#free.extend(grown)
    this.#u8 = new Uint8Array(this.#memory.buffer)
    this.#i32 = new Int32Array(this.#memory.buffer)
    this.#f32 = new Float32Array(this.#memory.buffer)
  }

  #block(op: string, buffer: BufferHandle): Block {
    const block = this.#blocks.get(buffer)
    if (block !== undefined) return block
    throw new ArgumentError({
      op,
      argument: `buffer ${buffer.label}`,
      expected: 'a live buffer of this backend',
      got: 'a freed or foreign one',
    })
  }
}
