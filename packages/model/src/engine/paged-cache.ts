/** Cache tensors that several sequences share in pages, and the table that says whose page is where. */
import {
  allocTensor,
  type Backend,
  type Ops,
  type Paging,
  rows,
  type Tensor,
  tensor,
  writeTensor,
} from '@octoscale/tensor'
import type { CacheRow } from '../architectures/architecture.ts'
import { allocateCache, cacheBytesPerPosition } from '../cache.ts'
import { DisposedError } from '../errors.ts'

export interface PagedCacheSizes {
  readonly pages: number
  /** Positions of a page. */
  readonly pageSize: number
  /** Rows of the page table: sequences in one step. */
  readonly slots: number
  /** Entries of a row of the page table: pages of the longest sequence. */
  readonly pagesPerSlot: number
  /** Tokens of one step. */
  readonly batch: number
}

/** Made by `model.createPagedCache()`. */
export class PagedCache {
  readonly sizes: PagedCacheSizes
  /** Backend memory of rows, table and copies. */
  readonly bytes: number
  readonly #backend: Backend
  readonly #table: Tensor
  readonly #sequences: Tensor
  /** A page of the widest tensor, for copies: an operation may not read and write one buffer. */
  readonly #spare: Tensor
  readonly #pageRows: Tensor
  #tensors: readonly Tensor[] | undefined

  /** For the model's use. Throws `OutOfMemoryError`; nothing stays allocated then. */
  constructor(backend: Backend, cacheRows: readonly CacheRow[], sizes: PagedCacheSizes) {
    const { pages, pageSize, slots, pagesPerSlot, batch } = sizes
    this.sizes = sizes
    this.#backend = backend
    const made: Tensor[] = []
    const make = (dtype: 'f32' | 'i32', shape: readonly number[], label: string): Tensor => {
      const result = allocTensor(backend, dtype, shape, label)
      made.push(result)
      return result
    }
    try {
      const widest = Math.max(...cacheRows.map((row) => row.reduce((a, b) => a * b, 1)))
      this.#table = make('i32', [slots, pagesPerSlot], 'page table')
      this.#sequences = make('i32', [batch], 'sequences')
      this.#spare = make('f32', [pageSize, widest], 'copied page')
      this.#pageRows = make('i32', [pageSize], 'rows of a page')
      writeTensor(
        backend,
        this.#pageRows,
        Int32Array.from({ length: pageSize }, (_, i) => i),
      )
      const tensors = allocateCache(backend, cacheRows, pages * pageSize)
      this.bytes =
        pages * pageSize * cacheBytesPerPosition(cacheRows) +
        made.reduce((sum, { buffer }) => sum + buffer.bytes, 0)
      this.#tensors = tensors
    } catch (error) {
      for (const { buffer } of made) backend.free(buffer)
      throw error
    }
  }

  /** One for each of `Network.cache`, `[pages * pageSize, ...row]` f32. Throws `DisposedError`. */
  get tensors(): readonly Tensor[] {
    if (this.#tensors === undefined) throw new DisposedError('cache')
    return this.#tensors
  }

  /** Where the rows of `tokens` tokens lie, whose slots were given to `setSequences`. */
  paging(tokens: number): Paging {
    return { sequences: rows(this.#sequences, 0, tokens), pages: this.#table, pageSize: this.sizes.pageSize }
  }

  /** For the model's use: the slot of each token of the next step. */
  setSequences(slots: Int32Array): void {
    writeTensor(this.#backend, rows(this.#sequences, 0, slots.length), slots)
  }

  /** The pages of a slot, from its `first` one on. */
  setPages(slot: number, first: number, pages: Int32Array): void {
    const { pagesPerSlot } = this.sizes
    const offset = this.#table.offset + 4 * (slot * pagesPerSlot + first)
    writeTensor(this.#backend, tensor(this.#table.buffer, 'i32', [pages.length], offset), pages)
  }

  /** Copies all rows of a page, in all layers. */
  copyPage(ops: Ops, from: number, to: number): void {
    const { pageSize } = this.sizes
    for (const { buffer, shape } of this.tensors) {
      const width = shape.slice(1).reduce((a, b) => a * b, 1)
      const page = (index: number): Tensor =>
        tensor(buffer, 'f32', [pageSize, width], 4 * index * pageSize * width)
      const spare = tensor(this.#spare.buffer, 'f32', [pageSize, width])
      ops.selectRows({ x: page(from), rows: this.#pageRows, out: spare })
      ops.selectRows({ x: spare, rows: this.#pageRows, out: page(to) })
    }
  }

  /** Gives the memory back. Safe to call twice. */
  dispose(): void {
    if (this.#tensors === undefined) return
    const own = [this.#table, this.#sequences, this.#spare, this.#pageRows]
    for (const { buffer } of [...this.#tensors, ...own]) this.#backend.free(buffer)
    this.#tensors = undefined
  }
}
