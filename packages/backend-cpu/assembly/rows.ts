/** Rows copied from one place to another: concat, selectRows, writeKv, and bytes that the host writes. */
import { Cache, storeRow } from './cache'
import { Descriptor, take } from './descriptor'
import { IndexTensor, inRange, Placed, rowOf, wellPlaced } from './indices'

@unmanaged
export class CopyOp extends Descriptor {
  source: usize
  target: usize
  count: usize
}

export function runCopy(d: CopyOp): void {
  if (take(d) == 0) memory.copy(d.target, d.source, d.count)
}

@unmanaged
export class ConcatOp extends Descriptor {
  tokens: i32
  a: usize
  aBytes: usize
  b: usize
  bBytes: usize
  out: usize
}

/** `out[t] = [a[t] | b[t]]`. */
export function runConcat(d: ConcatOp): void {
  for (let t = take(d); t < d.tokens; t = take(d)) {
    const out = d.out + (d.aBytes + d.bBytes) * t
    memory.copy(out, d.a + d.aBytes * t, d.aBytes)
    memory.copy(out + d.aBytes, d.b + d.bBytes * t, d.bBytes)
  }
}

@unmanaged
export class SelectRowsOp extends Descriptor {
  x: usize
  tokens: i32
  rows: usize
  count: i32
  rowBytes: usize
  out: usize
}

/** `out[r] = x[rows[r]]`. */
export function runSelectRows(d: SelectRowsOp): void {
  if (!inRange(d.op, IndexTensor.ROWS, d.rows, d.count, d.tokens)) return
  for (let r = take(d); r < d.count; r = take(d)) {
    const row = <usize>load<i32>(d.rows + <usize>r * 4)
    memory.copy(d.out + d.rowBytes * r, d.x + d.rowBytes * row, d.rowBytes)
  }
}

@unmanaged
export class WriteKvOp extends Placed {
  k: usize
  keyBytes: usize
  /** `Cache`. */
  keys: usize
  keyScales: usize
  keyKind: i32
  keyColumns: i32
  keyGroup: i32
  v: usize
  valueBytes: usize
  /** `Cache`. */
  values: usize
  valueScales: usize
  valueKind: i32
  valueColumns: i32
  valueGroup: i32
}

/** `keys[row(t)] = k[t]`, `values[row(t)] = v[t]`, rounded to what the caches store. */
export function runWriteKv(d: WriteKvOp): void {
  if (!wellPlaced(d)) return
  const keys = changetype<Cache>(changetype<usize>(d) + offsetof<WriteKvOp>('keys'))
  const values = changetype<Cache>(changetype<usize>(d) + offsetof<WriteKvOp>('values'))
  for (let t = take(d); t < d.tokens; t = take(d)) {
    const row = rowOf(d, t)
    storeRow(keys, row, d.k + d.keyBytes * t)
    storeRow(values, row, d.v + d.valueBytes * t)
  }
}
