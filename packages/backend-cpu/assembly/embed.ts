import { Descriptor, take } from './descriptor'
import { IndexTensor, inRange } from './indices'
import { decodeRows, Matrix } from './matrix'

@unmanaged
export class EmbedOp extends Descriptor {
  ids: usize
  tokens: i32
  table: Matrix
  vocabulary: i32
  out: usize
}

/** `out[t] = table[ids[t]]`. */
export function runEmbed(d: EmbedOp): void {
  if (!inRange(d.op, IndexTensor.IDS, d.ids, d.tokens, d.vocabulary)) return
  const rowBytes = <usize>d.table.columns * 4
  for (let t = take(d); t < d.tokens; t = take(d)) {
    decodeRows(d.table, load<i32>(d.ids + <usize>t * 4), 1, d.out + rowBytes * t)
  }
}
