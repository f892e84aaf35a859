/** Grouped-query attention: see `AttentionArgs` of the contract. */
import { attendBlock, beginAttend, blockAt, endQuery, mostSeen, rowAt, runLength, setQuery } from './attend'
import { Cache, rowsOf, strideOf } from './cache'
import { thread } from './control'
import { take } from './descriptor'
import { Placed, position, wellPlaced } from './indices'

@unmanaged
export class AttentionOp extends Placed {
  q: usize
  heads: i32
  kvHeads: i32
  headDim: i32
  valueDim: i32
  /** `Cache`. */
  keys: usize
  keyScales: usize
  keyKind: i32
  keyColumns: i32
  keyGroup: i32
  /** `Cache`. */
  values: usize
  valueScales: usize
  valueKind: i32
  valueColumns: i32
  valueGroup: i32
  scale: f32
  out: usize
  /** Tokens, and heads of the cache, of one task. */
  tokenGrain: i32
  headGrain: i32
  /** Of each thread, for `beginAttend`. */
  scratch: usize
  scratchBytes: usize
}

/** A task is some tokens' heads that read some heads of the cache. */
export function runAttention(d: AttentionOp): void {
  if (!wellPlaced(d)) return
  const perTokens = (d.kvHeads + d.headGrain - 1) / d.headGrain
  const tasks = ((d.tokens + d.tokenGrain - 1) / d.tokenGrain) * perTokens
  for (let task = take(d); task < tasks; task = take(d)) {
    const block = task / perTokens
    const g = (task - block * perTokens) * d.headGrain
    const end = min((block + 1) * d.tokenGrain, d.tokens)
    let run = 0
    for (let t = block * d.tokenGrain; t < end; t += run) {
      run = runLength(d, t, end)
      attendRun(d, t, run, g, min(g + d.headGrain, d.kvHeads))
    }
  }
}

/** Tokens `first .. first + tokens - 1` of one sequence and heads `g .. gEnd - 1` of the cache. */
function attendRun(d: AttentionOp, first: i32, tokens: i32, g: i32, gEnd: i32): void {
  const keys = changetype<Cache>(changetype<usize>(d) + offsetof<AttentionOp>('keys'))
  const values = changetype<Cache>(changetype<usize>(d) + offsetof<AttentionOp>('values'))
  const group = d.heads / d.kvHeads
  const each = tokens * group
  const scratch = d.scratch + d.scratchBytes * <usize>thread
  const a = beginAttend(scratch, (gEnd - g) * each, d.headDim, d.valueDim)
  // Queries of one head of the cache lie together: [head of the cache, token, head].
  for (let q = 0; q < (gEnd - g) * each; q++) {
    const t = first + (q % each) / group
    setQuery(a, q, d.q + headAt(d, first, g, group, each, q) * <usize>d.headDim * 4, d.scale, position(d, t) + 1)
  }
  const keyStride = strideOf(keys, d.headDim)
  const valueStride = strideOf(values, d.valueDim)
  const count = mostSeen(d, first, tokens)
  let positions = 0
  // All heads take a block before the next: the cache is read once, from its beginning to its end.
  for (let s = 0; s < count; s += positions) {
    positions = blockAt(d, s, count)
    const row = rowAt(d, first, s)
    for (let head = g; head < gEnd; head++) {
      const k = rowsOf(keys, row, positions, head * d.headDim, d.headDim, a.keys)
      const v = rowsOf(values, row, positions, head * d.valueDim, d.valueDim, a.values)
      attendBlock(a, (head - g) * each, each, s, positions, k, keyStride, v, valueStride)
    }
  }
  for (let q = 0; q < (gEnd - g) * each; q++) {
    endQuery(a, q, d.out + headAt(d, first, g, group, each, q) * <usize>d.valueDim * 4)
  }
}

/** Which of all tokens' heads query `q` is. */
// @ts-ignore: decorator
@inline
function headAt(d: AttentionOp, first: i32, g: i32, group: i32, each: i32, q: i32): usize {
  const head = q / each
  const rest = q - head * each
  const t = rest / group
  return <usize>(first + t) * <usize>d.heads + <usize>((g + head) * group + rest - t * group)
}
