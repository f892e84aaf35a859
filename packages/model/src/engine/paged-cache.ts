/** Cache tensors that several sequences share in pages, and the table that says whose page is where. */
import {
  allocTensor,
  type Backend,
  byteLength,
  type CacheTensor,
  type Ops,
  type Paging,
  rows,
  type Tensor,
  tensor,
  writeTensor,
} from '@octoscale/tensor'
import { allocateCache, cacheBytesPerPosition, partsOf } from '../cache.ts'
import { type CacheRow, type CacheType, groupsOf, rowLayout } from '../cache-type.ts'
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
  readonly type: CacheType
}

/** Made by `model.createPagedCache()`. */
export class PagedCache {
  readonly sizes: PagedCacheSizes
  /** Backend memory of rows, table and copies. */
  readonly bytes: number
  readonly #backend: Backend
  readonly #table: Tensor
  readonly #sequences: Tensor
  /** A page of the widest tensor as 32-bit words, for copies: an operation may not read and write one buffer. */
  readonly #spare: Tensor
  readonly #pageRows: Tensor
  #tensors: readonly CacheTensor[] | undefined

  /** For the model's use. Throws `OutOfMemoryError`; nothing stays allocated then. */
  constructor(backend: Backend, cacheRows: readonly CacheRow[], sizes: PagedCacheSizes) {
    const { pages, pageSize, slots, pagesPerSlot, batch, type } = sizes
    this.sizes = sizes
    this.#backend = backend
    const made: Tensor[] = []
    const make = (shape: readonly number[], label: string): Tensor => {
      const result = allocTensor(backend, 'i32', shape, label)
      made.push(result)
      return result
    }
    try {
      const widest = Math.max(
        ...cacheRows.map((row) => {
          const layout = rowLayout(row, type)
          return Math.max(layout.bytes / 4, groupsOf(layout))
        }),
      )
      this.#table = make([slots, pagesPerSlot], 'page table')
      this.#sequences = make([batch], 'sequences')
      this.#spare = make([pageSize, widest], 'copied page')
      this.#pageRows = make([pageSize], 'rows of a page')
      writeTensor(
        backend,
        this.#pageRows,
        Int32Array.from({ length: pageSize }, (_, i) => i),
      )
      const tensors = allocateCache(backend, cacheRows, pages * pageSize, type)
      this.bytes =
        pages * pageSize * cacheBytesPerPosition(cacheRows, type) +
        made.reduce((sum, { buffer }) => sum + buffer.bytes, 0)
      this.#tensors = tensors
    } catch (error) {
      for (const { buffer } of made) backend.free(buffer)
      throw error
    }
  }

  /** One for each of `Network.cache`, `[pages * pageSize, ...row]`. Throws `DisposedError`. */
  get tensors(): readonly CacheTensor[] {
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
    for (const part of this.tensors.flatMap(partsOf)) {
      const width = byteLength(part) / 4 / (part.shape[0] as number) // words of a row
      const page = (index: number): Tensor =>
        tensor(part.buffer, 'i32', [pageSize, width], 4 * index * pageSize * width)
      const spare = tensor(this.#spare.buffer, 'i32', [pageSize, width])
      ops.selectRows({ x: page(from), rows: this.#pageRows, out: spare })
      ops.selectRows({ x: spare, rows: this.#pageRows, out: page(to) })
    }
  }

  /** Gives the memory back. Safe to call twice. */
  dispose(): void {
    if (this.#tensors === undefined) return
    const own = [this.#table, this.#sequences, this.#spare, this.#pageRows]
    for (const { buffer } of [...this.#tensors.flatMap(partsOf), ...own]) this.#backend.free(buffer)
    this.#tensors = undefined
  }
}
