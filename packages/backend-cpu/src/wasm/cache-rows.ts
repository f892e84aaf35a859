/** Where tokens lie in a cache, the fields of `Placed` of `assembly/indices.ts`, and what is there, those of `Cache`. */
import {
  type CacheTensor,
  cacheShape,
  isBlockScaled,
  numel,
  type Paging,
  type Tensor,
} from '@octoscale/tensor'
import { i32 } from './fields.ts'
import { kindOf } from './kinds.ts'
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

/** The fields of `Cache` of `assembly/cache.ts`. */
export function cacheFields({ heap }: Runtime, cache: CacheTensor): number[] {
  const columns = numel(cacheShape(cache).slice(1))
  if (!isBlockScaled(cache)) return [heap.address(cache), 0, kindOf(cache.dtype), columns, columns]
  const { codes, scales, block } = cache
  // A group may be larger than its row, and than an i32.
  const group = Math.min(block[1], columns)
  return [heap.address(codes), heap.address(scales), kindOf(codes.dtype), columns, group]
}
