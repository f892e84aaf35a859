/** Fills rows of the cache of latent attention: see `WriteLatentArgs` of the contract. */
import { Cache, storeRow } from './cache'
import { thread } from './control'
import { take } from './descriptor'
import { Placed, position, rowOf, wellPlaced } from './indices'
import { normRow, vectorOf } from './rms-norm'
import { rotate } from './rope'

@unmanaged
export class WriteLatentOp extends Placed {
  kv: usize
  kind: i32
  weight: usize
  epsilon: f32
  rank: i32
  halfDim: i32
  table: usize
  /** `Cache`. */
  cache: usize
  cacheScales: usize
  cacheKind: i32
  cacheColumns: i32
  cacheGroup: i32
  /** Scratch of each thread, `rank` f32 and a row, and its size. */
  panel: usize
  panelBytes: usize
}

/** `kv` is `[tokens, rank + 2 * halfDim]`, `cache` `[capacity, rank + 2 * halfDim]`. */
export function runWriteLatent(d: WriteLatentOp): void {
  if (!wellPlaced(d)) return
  const latentBytes = <usize>d.rank * 4
  const keyBytes = <usize>d.halfDim * 8
  const rowBytes = latentBytes + keyBytes
  const cache = changetype<Cache>(changetype<usize>(d) + offsetof<WriteLatentOp>('cache'))
  const panel = d.panel + d.panelBytes * <usize>thread
  const row = panel + latentBytes
  let weight: usize = 0
  for (let t = take(d); t < d.tokens; t = take(d)) {
    if (!weight) weight = vectorOf(d.kind, d.weight, d.rank, panel)
    const kv = d.kv + rowBytes * t
    normRow(kv, weight, d.epsilon, d.rank, row)
    memory.copy(row + latentBytes, kv + latentBytes, keyBytes)
    rotate(row + latentBytes, d.table + <usize>position(d, t) * keyBytes, d.halfDim)
    storeRow(cache, rowOf(d, t), row)
  }
}
