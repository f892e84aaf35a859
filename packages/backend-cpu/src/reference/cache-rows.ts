/** Which rows of a cache hold a token's sequence. */
import { IndexError, type Paging, type Tensor } from '@octoscale/tensor'
import type { ReferenceMemory } from './memory.ts'

export interface CacheRows {
  /** The position of each token. */
  readonly positions: Int32Array
  /** `row(t, p)` of the contract's `Paging`, for `p <= positions[t]`. */
  row(token: number, position: number): number
}

/**
 * Positions and rows of a batch of tokens, checked: positions lie in the cache or in the sequence's pages, and in
 * `maxPositions` where angles are needed; so do sequences, and the entries of `pages` up to each token's position.
 * Throws `IndexError`.
 */
export function cacheRows(
  memory: ReferenceMemory,
  op: string,
  args: { readonly positions: Tensor; readonly paging?: Paging | undefined },
  capacity: number,
  maxPositions: number = Infinity,
): CacheRows {
  const { paging } = args
  if (paging === undefined) {
    const limit = Math.min(capacity, maxPositions)
    return {
      positions: memory.indices(op, 'positions', args.positions, limit),
      row: (_token, position) => position,
    }
  }
  const { pageSize } = paging
  const [sequenceCount = 0, maxPages = 0] = paging.pages.shape
  const sequences = memory.indices(op, 'paging.sequences', paging.sequences, sequenceCount)
  const limit = Math.min(maxPages * pageSize, maxPositions)
  const positions = memory.indices(op, 'positions', args.positions, limit)
  const pages = memory.i32(paging.pages)
  const pageCount = Math.floor(capacity / pageSize)
  const pageOf = (token: number, page: number) => pages[sequences[token]! * maxPages + page]!
  positions.forEach((position, token) => {
    for (let page = 0; page <= Math.floor(position / pageSize); page++) {
      const index = pageOf(token, page)
      if (index < 0 || index >= pageCount) {
        throw new IndexError({ op, tensor: 'paging.pages', index, limit: pageCount })
      }
    }
  })
  return {
    positions,
    row: (token, position) =>
      pageOf(token, Math.floor(position / pageSize)) * pageSize + (position % pageSize),
  }
}
