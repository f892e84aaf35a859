/** Where tokens lie in a cache: the fields of `Placed` of `assembly/indices.ts`. */
import type { Paging, Tensor } from '@octoscale/tensor'
import { i32 } from './fields.ts'
import type { Runtime } from './runtime.ts'

interface Tokens {
  readonly positions: Tensor
  readonly paging?: Paging | undefined
}

/** Tokens `first .. first + count - 1`; positions are below the cache's (or the pages') size and `maxPositions`. */
export function placement(
  { heap }: Runtime,
  { positions, paging }: Tokens,
  capacity: number,
  maxPositions: number = Infinity,
  first: number = 0,
  count: number = positions.shape[0]!,
): number[] {
  const at = heap.address(positions) + 4 * first
  if (paging === undefined) return [count, at, 0, 0, 0, 0, 0, 0, i32(Math.min(capacity, maxPositions))]
  const { sequences, pages, pageSize } = paging
  const [sequenceCount = 0, maxPages = 0] = pages.shape
  return [
    count,
    at,
    heap.address(sequences) + 4 * first,
    heap.address(pages),
    i32(sequenceCount),
    i32(maxPages),
    pageSize,
    Math.floor(capacity / pageSize),
    i32(Math.min(maxPages * pageSize, maxPositions)),
  ]
}
