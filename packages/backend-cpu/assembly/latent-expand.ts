/**
 * Multi-head latent attention with the keys and values of heads expanded from the cache, for runs of tokens of one sequence:
 * a run is some tokens next to each other in the batch. Whether a run is expanded follows from it alone.
 */
import {
  attendBlock, beginAttend, BLOCK, blockAt, endQuery, mostSeen, rowAt, runLength, setQuery,
} from './attend'
import { Cache, rowsOf, strideOf } from './cache'
import { thread } from './control'
import { take } from './descriptor'
import { Placed, position, wellPlaced } from './indices'
import { linear } from './linear'
import { Matrix } from './matrix'

@unmanaged
export class LatentExpandOp extends Placed {
  /** `[heads * (nope + v), rank]`. */
  matrix: Matrix
  /** `[tokens, heads, nope + rotated]`. */
  q: usize
  heads: i32
  nope: i32
  rotated: i32
  v: i32
  rank: i32
  /** `Cache`. */
  cache: usize
  cacheScales: usize
  cacheKind: i32
  cacheColumns: i32
  cacheGroup: i32
  scale: f32
  /** `[tokens, heads, v]`. */
  out: usize
  /** i32 for each token: 1 where this operation computes it. */
  expanded: usize
  /** Tokens of one task. */
  tokenGrain: i32
  /** Of each thread: for `beginAttend` with one head of `tokenGrain` tokens, and its size. */
  scratch: usize
  scratchBytes: usize
  /** Of each thread: a block of cache rows in f32, then 4 rows of the matrix, and its size. */
  panel: usize
  panelBytes: usize
}

/** A task is one head of a block of tokens of a run. Every thread finds the same runs. */
export function runLatentExpand(d: LatentExpandOp): void {
  if (!wellPlaced(d)) {
    // The other operations see that, too, for some of the tokens; the rest is not to be computed.
    if (thread == 0) mark(d, 0, d.tokens, 1)
    return
  }
  let task = take(d)
  let before = 0
  let count = 0
  for (let first = 0; first < d.tokens; first += count) {
    count = runLength(d, first, d.tokens)
    const expanded = isWorth(d, first, count)
    if (thread == 0) mark(d, first, count, expanded ? 1 : 0)
    if (!expanded) continue
    const tasks = blocksOf(d, count) * d.heads
    for (; task < before + tasks; task = take(d)) {
      const block = (task - before) / d.heads
      const begin = first + block * d.tokenGrain
      expandHead(d, begin, min(d.tokenGrain, first + count - begin), task - before - block * d.heads)
    }
    before += tasks
  }
}

function mark(d: LatentExpandOp, first: i32, count: i32, value: i32): void {
  for (let t = first; t < first + count; t++) store<i32>(d.expanded + <usize>t * 4, value)
}

// @ts-ignore: decorator
@inline
function blocksOf(d: LatentExpandOp, count: i32): i32 {
  return (count + d.tokenGrain - 1) / d.tokenGrain
}

/**
 * Whether fewer multiplications are needed with keys and values expanded. Of a head and a run of T tokens that see `seen`
 * positions in all, `most` of them at most:
 *   absorbed: seen * (2 rank + rotated) + T * rank * (nope + v)
 *   expanded: seen * (nope + rotated + v) + most * rank * (nope + v)
 */
function isWorth(d: LatentExpandOp, first: i32, count: i32): bool {
  if (count < LEAST_RUN) return false
  let seen: i64 = 0
  for (let t = first; t < first + count; t++) seen += position(d, t) + 1
  const through = <i64>d.rank * <i64>(d.nope + d.v)
  const absorbed = seen * <i64>(2 * d.rank + d.rotated) + <i64>count * through
  const expanded = seen * <i64>(d.nope + d.rotated + d.v) + <i64>mostSeen(d, first, count) * through
  return expanded < absorbed
}

/** For fewer tokens the operations of the absorbed form are few anyway: the same as in `src/wasm/kernels/latent-attention.ts`. */
const LEAST_RUN: i32 = 8

/** Head `h` of tokens `first .. first + tokens - 1`. */
function expandHead(d: LatentExpandOp, first: i32, tokens: i32, h: i32): void {
  const cache = changetype<Cache>(changetype<usize>(d) + offsetof<LatentExpandOp>('cache'))
  const width = d.nope + d.rotated
  const a = beginAttend(d.scratch + d.scratchBytes * <usize>thread, tokens, width, d.v)
  for (let t = 0; t < tokens; t++) {
    const at = <usize>(first + t) * <usize>d.heads + <usize>h
    setQuery(a, t, d.q + at * <usize>width * 4, d.scale, position(d, first + t) + 1)
  }
  const latents = d.panel + d.panelBytes * <usize>thread
  const weights = latents + <usize>BLOCK * <usize>d.cacheColumns * 4
  const stride = strideOf(cache, d.cacheColumns)
  const keyBytes = <usize>width * 4
  const valueBytes = <usize>d.v * 4
  const matrixRow = h * (d.nope + d.v)
  const count = mostSeen(d, first, tokens)
  let positions = 0
  for (let s = 0; s < count; s += positions) {
    positions = blockAt(d, s, count)
    const rows = rowsOf(cache, rowAt(d, first, s), positions, 0, d.cacheColumns, latents)
    // keys = [K . latent | rotated], values = V . latent
    linear(d.matrix, matrixRow, d.nope, rows, stride, positions, a.keys, keyBytes, weights)
    linear(d.matrix, matrixRow + d.nope, d.v, rows, stride, positions, a.values, valueBytes, weights)
    let rotated = rows + <usize>d.rank * 4
    let key = a.keys + <usize>d.nope * 4
    for (let p = 0; p < positions; p++, rotated += stride, key += keyBytes) {
      memory.copy(key, rotated, <usize>d.rotated * 4)
    }
    attendBlock(a, 0, tokens, s, positions, a.keys, keyBytes, a.values, valueBytes)
  }
  for (let t = 0; t < tokens; t++) {
    endQuery(a, t, d.out + (<usize>(first + t) * <usize>d.heads + <usize>h) * valueBytes)
  }
}
