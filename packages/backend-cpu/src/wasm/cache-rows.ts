/** Which rows of a cache hold a token's sequence: `row(t, p)` of the contract's `Paging`, as addresses for the kernels. */
import { IndexError, type Paging, type Tensor } from '@octoscale/tensor'
import { indices, type Runtime } from './runtime.ts'

interface Placed {
  readonly positions: Tensor
  readonly paging?: Paging | undefined
}

/** The page table of each token: its address and 0 .. as `attend` takes them; 0 without paging. */
export interface CacheRows {
  /** A copy: it outlives scratch memory that grows. */
  readonly positions: readonly number[]
  /** Address of the page numbers of a token's sequence, or 0. */
  pages(token: number): number
  readonly pageSize: number
  /** The row of a token's own position. */
  row(token: number): number
}

/**
 * Checked: positions lie in the cache or in the sequence's pages, and in `maxPositions`; so do sequences, and the pages
 * up to each token's position. Throws `IndexError`.
 */
export function cacheRows(
  runtime: Runtime,
  op: string,
  { positions, paging }: Placed,
  capacity: number,
  maxPositions: number = Infinity,
): CacheRows {
  const { heap } = runtime
  if (paging === undefined) {
    const limit = Math.min(capacity, maxPositions)
    const own = [...indices(runtime, op, 'positions', positions, limit)]
    return { positions: own, pages: () => 0, pageSize: 0, row: (token) => own[token]! }
  }
  const { pageSize } = paging
  const [sequenceCount = 0, maxPages = 0] = paging.pages.shape
  const sequences = [...indices(runtime, op, 'paging.sequences', paging.sequences, sequenceCount)]
  const own = [...indices(runtime, op, 'positions', positions, Math.min(maxPages * pageSize, maxPositions))]
  const limit = Math.floor(capacity / pageSize)
  const table = heap.address(paging.pages) / 4
  const page = (token: number, index: number): number =>
    heap.i32[table + sequences[token]! * maxPages + index]!
  const pages = (token: number): number => 4 * (table + sequences[token]! * maxPages)
  // Tokens of one sequence see the same entries: each is looked at once.
  const good = new Int32Array(sequenceCount)
  own.forEach((position, token) => {
    const sequence = sequences[token]!
    const seen = Math.floor(position / pageSize) + 1
    for (let i = good[sequence]!; i < seen; i++) {
      const index = page(token, i)
      if (index < 0 || index >= limit) throw new IndexError({ op, tensor: 'paging.pages', index, limit })
      good[sequence] = i + 1
    }
  })
  const row = (token: number): number => {
    const position = own[token]!
    return page(token, Math.floor(position / pageSize)) * pageSize + (position % pageSize)
  }
  return { positions: own, pages, pageSize, row }
}

/** The rows of the tokens' own positions as i32 in memory: the positions themselves without paging. */
export function ownRows({ heap }: Runtime, { positions, paging }: Placed, rows: CacheRows): number {
  if (paging === undefined) return heap.address(positions)
  const address = heap.scratch('cache rows', rows.positions.length * 4)
  rows.positions.forEach((_, token) => {
    heap.i32[address / 4 + token] = rows.row(token)
  })
  return address
}
