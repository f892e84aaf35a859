/**
 * Multi-head latent attention in the absorbed form: see `LatentAttentionArgs` of the contract. Three steps for a chunk of
 * tokens, each a descriptor: queries into the space of the cache, the weighted sum of cache rows, and out of that space.
 * Tokens that `latent-expand.ts` has computed are left out: `expanded` is an i32 for each token, or 0 for none of them.
 */
import { attendBlock, beginAttend, blockAt, endQuery, rowAt, setSeen } from './attend'
import { Cache, rowsOf, strideOf } from './cache'
import { thread } from './control'
import { Descriptor, take } from './descriptor'
import { Placed, position, wellPlaced } from './indices'
import { linear } from './linear'
import { decodeRows, Matrix } from './matrix'
import { addScaled } from './vector'

// @ts-ignore: decorator
@inline
function isExpanded(expanded: usize, t: i32): bool {
  return expanded != 0 && load<i32>(expanded + <usize>t * 4) != 0
}

/** The first token from `t` on that is not expanded; `tokens` if there is none. */
function nextAbsorbed(expanded: usize, t: i32, tokens: i32): i32 {
  while (t < tokens && isExpanded(expanded, t)) t++
  return t
}

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
  expanded: usize
}

/** `query = scale * [q[:nope] . K | q[nope:]]`; a task is one head. */
export function runAbsorbQuery(d: AbsorbQueryOp): void {
  const rank = d.rank
  const width = rank + d.rotated
  const keys = d.panel + d.panelBytes * <usize>thread
  const qBytes = <usize>(d.nope + d.rotated) * 4
  const first = nextAbsorbed(d.expanded, 0, d.tokens)
  if (first == d.tokens) return
  for (let h = take(d); h < d.heads; h = take(d)) {
    decodeRows(d.matrix, h * (d.nope + d.v), d.nope, keys)
    for (let t = first; t < d.tokens; t = nextAbsorbed(d.expanded, t + 1, d.tokens)) {
      const at = <usize>t * <usize>d.heads + <usize>h
      const q = d.q + qBytes * at
      const query = d.query + <usize>width * 4 * at
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
  /** `Cache`. */
  cache: usize
  cacheScales: usize
  cacheKind: i32
  cacheColumns: i32
  cacheGroup: i32
  rank: i32
  /** `[tokens, heads, rank]`. */
  mixed: usize
  /** Of each thread: what `beginAttend` needs for `headGrain` heads. */
  scratch: usize
  scratchBytes: usize
  expanded: usize
}

/** `mixed = sum_s softmax(query . cache[s]) * cache[s, :rank]`; a task is some heads of one token. */
export function runLatentAttend(d: LatentAttendOp): void {
  if (!wellPlaced(d)) return
  const cache = changetype<Cache>(changetype<usize>(d) + offsetof<LatentAttendOp>('cache'))
  const perToken = (d.heads + d.headGrain - 1) / d.headGrain
  const tasks = d.tokens * perToken
  const scratch = d.scratch + d.scratchBytes * <usize>thread
  const stride = strideOf(cache, d.width)
  for (let task = take(d); task < tasks; task = take(d)) {
    const t = task / perToken
    if (isExpanded(d.expanded, t)) continue
    const h = (task - t * perToken) * d.headGrain
    const heads = min(d.headGrain, d.heads - h)
    const first = <usize>t * <usize>d.heads + <usize>h
    const query = d.query + first * <usize>d.width * 4
    const a = beginAttend(scratch, heads, d.width, d.rank, query, d.mixed + first * <usize>d.rank * 4)
    const count = position(d, t) + 1
    for (let q = 0; q < heads; q++) setSeen(a, q, count)
    let positions = 0
    for (let s = 0; s < count; s += positions) {
      positions = blockAt(d, s, count)
      const rows = rowsOf(cache, rowAt(d, t, s), positions, 0, d.width, a.keys)
      attendBlock(a, 0, heads, s, positions, rows, stride, rows, stride)
    }
    for (let q = 0; q < heads; q++) endQuery(a, q, a.result + <usize>q * <usize>d.rank * 4)
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
  expanded: usize
}

/** `out = V . mixed`; a task is one head. */
export function runLatentOutput(d: LatentOutputOp): void {
  const rankBytes = <usize>d.rank * 4
  const vBytes = <usize>d.v * 4
  const panel = d.panel + d.panelBytes * <usize>thread
  for (let h = take(d); h < d.heads; h = take(d)) {
    let first = nextAbsorbed(d.expanded, 0, d.tokens)
    while (first < d.tokens) {
      // Tokens next to each other that share the decoding of V.
      let end = first + 1
      while (end < d.tokens && !isExpanded(d.expanded, end)) end++
      const at = <usize>first * <usize>d.heads + <usize>h
      linear(
        d.matrix, h * (d.nope + d.v) + d.nope, d.v, d.mixed + rankBytes * at, rankBytes * d.heads, end - first,
        d.out + vBytes * at, vBytes * d.heads, panel,
      )
      first = nextAbsorbed(d.expanded, end, d.tokens)
    }
  }
}
