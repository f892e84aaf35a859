/**
 * Multi-head latent attention in the absorbed form: see `LatentAttentionArgs` of the contract. Three steps for a chunk of
 * tokens, each a descriptor: queries into the space of the cache, the weighted sum of cache rows, and out of that space.
 */
import { attend } from './attend'
import { thread } from './control'
import { Descriptor, take } from './descriptor'
import { pagesOf, Placed, position, wellPlaced } from './indices'
import { linear } from './linear'
import { decodeRows, Matrix } from './matrix'
import { addScaled } from './vector'

@unmanaged
export class AbsorbQueryOp extends Descriptor {
  /** `[heads * (nope + v), rank]`. */
  matrix: Matrix
  /** `[tokens, heads, nope + rotated]`. */
  q: usize
  tokens: i32
  heads: i32
  nope: i32
  rotated: i32
  v: i32
  rank: i32
  scale: f32
  /** `[tokens, heads, rank + rotated]`. */
  query: usize
  /** Scratch of each thread: `nope * rank` f32, and its size. */
  panel: usize
  panelBytes: usize
}

/** `query = scale * [q[:nope] . K | q[nope:]]`; a task is one head. */
export function runAbsorbQuery(d: AbsorbQueryOp): void {
  const rank = d.rank
  const width = rank + d.rotated
  const keys = d.panel + d.panelBytes * <usize>thread
  const qBytes = <usize>(d.nope + d.rotated) * 4
  for (let h = take(d); h < d.heads; h = take(d)) {
    decodeRows(d.matrix, h * (d.nope + d.v), d.nope, keys)
    let q = d.q + qBytes * h
    let query = d.query + <usize>h * <usize>width * 4
    for (let t = 0; t < d.tokens; t++, q += qBytes * d.heads, query += <usize>d.heads * <usize>width * 4) {
      memory.fill(query, 0, <usize>width * 4)
      let row = keys
      for (let n: usize = 0; n < <usize>d.nope * 4; n += 4, row += <usize>rank * 4) {
        addScaled(row, d.scale * load<f32>(q + n), rank, query)
      }
      addScaled(q + <usize>d.nope * 4, d.scale, d.rotated, query + <usize>rank * 4)
    }
  }
}

@unmanaged
export class LatentAttendOp extends Placed {
  query: usize
  heads: i32
  /** Heads of one task. */
  headGrain: i32
  width: i32
  cache: usize
  rank: i32
  /** `[tokens, heads, rank]`. */
  mixed: usize
  /** Of each thread: what `attend` needs for `headGrain` heads. */
  scratch: usize
  scratchBytes: usize
}

/** `mixed = sum_s softmax(query . cache[s]) * cache[s, :rank]`; a task is some heads of one token. */
export function runLatentAttend(d: LatentAttendOp): void {
  if (!wellPlaced(d)) return
  const perToken = (d.heads + d.headGrain - 1) / d.headGrain
  const tasks = d.tokens * perToken
  const rowBytes = <usize>d.width * 4
  for (let task = take(d); task < tasks; task = take(d)) {
    const t = task / perToken
    const h = (task - t * perToken) * d.headGrain
    const first = <usize>(t * d.heads + h)
    attend(
      d.query + first * rowBytes, min(d.headGrain, d.heads - h), d.width, d.cache, rowBytes, d.cache, rowBytes, d.rank,
      pagesOf(d, t), d.pageSize, position(d, t) + 1, d.mixed + first * <usize>d.rank * 4,
      d.scratch + d.scratchBytes * <usize>thread,
    )
  }
}

@unmanaged
export class LatentOutputOp extends Descriptor {
  matrix: Matrix
  mixed: usize
  tokens: i32
  heads: i32
  nope: i32
  v: i32
  rank: i32
  /** `[tokens, heads, v]`. */
  out: usize
  /** Scratch of each thread: 4 rows in f32, and its size. */
  panel: usize
  panelBytes: usize
}

/** `out = V . mixed`; a task is one head. */
export function runLatentOutput(d: LatentOutputOp): void {
  const rankBytes = <usize>d.rank * 4
  const vBytes = <usize>d.v * 4
  const panel = d.panel + d.panelBytes * <usize>thread
  for (let h = take(d); h < d.heads; h = take(d)) {
    linear(
      d.matrix, h * (d.nope + d.v) + d.nope, d.v, d.mixed + rankBytes * h, rankBytes * d.heads, d.tokens,
      d.out + vBytes * h, vBytes * d.heads, panel,
    )
  }
}
