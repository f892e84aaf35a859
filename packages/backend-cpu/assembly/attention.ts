/** Grouped-query attention: see `AttentionArgs` of the contract. */
import { attend } from './attend'
import { thread } from './control'
import { take } from './descriptor'
import { pagesOf, Placed, position, wellPlaced } from './indices'
import { multiplyBy } from './vector'

@unmanaged
export class AttentionOp extends Placed {
  q: usize
  heads: i32
  kvHeads: i32
  headDim: i32
  valueDim: i32
  keys: usize
  values: usize
  scale: f32
  out: usize
  /** Of each thread: `scratchBytes` for the scaled query of a group and for `attend`. */
  scratch: usize
  scratchBytes: usize
}

/** A task is one token's heads that share keys and values. */
export function runAttention(d: AttentionOp): void {
  if (!wellPlaced(d)) return
  const group = d.heads / d.kvHeads
  const queryBytes = <usize>group * <usize>d.headDim * 4
  const outBytes = <usize>group * <usize>d.valueDim * 4
  const keyBytes = <usize>d.headDim * 4
  const valueBytes = <usize>d.valueDim * 4
  const query = d.scratch + d.scratchBytes * <usize>thread
  const tasks = d.tokens * d.kvHeads
  for (let task = take(d); task < tasks; task = take(d)) {
    const t = task / d.kvHeads
    const g = <usize>(task - t * d.kvHeads)
    multiplyBy(d.q + <usize>task * queryBytes, d.scale, group * d.headDim, query)
    attend(
      query, group, d.headDim, d.keys + g * keyBytes, <usize>d.kvHeads * keyBytes,
      d.values + g * valueBytes, <usize>d.kvHeads * valueBytes, d.valueDim,
      pagesOf(d, t), d.pageSize, position(d, t) + 1, d.out + <usize>task * outBytes, query + queryBytes,
    )
  }
}
