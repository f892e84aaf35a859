/** Index tensors: every thread looks at all of it, and they come to the same answer; only one reports. */
import { fail } from './control'
import { Descriptor } from './descriptor'

/** The numbers of `indexTensors` in `src/wasm/opcodes.ts`. */
export namespace IndexTensor {
  export const IDS: i32 = 0
  export const POSITIONS: i32 = 1
  export const ROWS: i32 = 2
  export const INDICES: i32 = 3
  export const SEQUENCES: i32 = 4
  export const PAGES: i32 = 5
}

/** Whether `count` i32 are all in `0 .. limit - 1`. */
export function inRange(op: i32, tensor: i32, values: usize, count: i32, limit: i32): bool {
  for (let i = 0; i < count; i++) {
    const index = load<i32>(values + <usize>i * 4)
    if (<u32>index >= <u32>limit) {
      fail(op, tensor, index, limit)
      return false
    }
  }
  return true
}

/** An operation whose tokens have places in a cache: `Paging` of the contract. */
@unmanaged
export class Placed extends Descriptor {
  tokens: i32
  positions: usize
  /** `[tokens]` i32; only with pages. */
  sequences: usize
  /** `[sequenceCount, maxPages]` i32, or 0: the row is the position. */
  pages: usize
  sequenceCount: i32
  maxPages: i32
  pageSize: i32
  /** Pages in the cache. */
  pageLimit: i32
  /** Positions are below. */
  limit: i32
}

/** Whether positions, sequences, and the pages up to each position are what the contract wants. */
export function wellPlaced(p: Placed): bool {
  if (p.pages && !inRange(p.op, IndexTensor.SEQUENCES, p.sequences, p.tokens, p.sequenceCount)) return false
  if (!inRange(p.op, IndexTensor.POSITIONS, p.positions, p.tokens, p.limit)) return false
  if (!p.pages) return true
  for (let t = 0; t < p.tokens; t++) {
    const seen = position(p, t) / p.pageSize + 1
    // Often the tokens before are of the same sequence: what they saw was looked at.
    let known = 0
    if (t > 0 && sequence(p, t) == sequence(p, t - 1)) known = position(p, t - 1) / p.pageSize + 1
    if (seen <= known) continue
    const pages = pagesOf(p, t) + <usize>known * 4
    if (!inRange(p.op, IndexTensor.PAGES, pages, seen - known, p.pageLimit)) return false
  }
  return true
}

// @ts-ignore: decorator
@inline
export function position(p: Placed, token: i32): i32 {
  return load<i32>(p.positions + <usize>token * 4)
}

// @ts-ignore: decorator
@inline
function sequence(p: Placed, token: i32): i32 {
  return load<i32>(p.sequences + <usize>token * 4)
}

/** Address of the page numbers of a token's sequence; 0 without pages. */
export function pagesOf(p: Placed, token: i32): usize {
  return p.pages ? p.pages + <usize>sequence(p, token) * <usize>p.maxPages * 4 : 0
}

/** The cache row of a token's own position. */
export function rowOf(p: Placed, token: i32): usize {
  const at = position(p, token)
  if (!p.pages) return <usize>at
  const page = at / p.pageSize
  return <usize>load<i32>(pagesOf(p, token) + <usize>page * 4) * <usize>p.pageSize + <usize>(at - page * p.pageSize)
}
