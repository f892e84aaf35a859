import { bytesPerElement, decode } from './decode-run'
import { Descriptor, take } from './descriptor'
import { IndexTensor, inRange } from './indices'

@unmanaged
export class EmbedOp extends Descriptor {
  ids: usize
  tokens: i32
  kind: i32
  table: usize
  vocabulary: i32
  hidden: i32
  out: usize
}

/** `out[t] = table[ids[t]]`. */
export function runEmbed(d: EmbedOp): void {
  if (!inRange(d.op, IndexTensor.IDS, d.ids, d.tokens, d.vocabulary)) return
  const rowBytes = <usize>d.hidden * bytesPerElement(d.kind)
  for (let t = take(d); t < d.tokens; t = take(d)) {
    const id = load<i32>(d.ids + <usize>t * 4)
    decode(d.kind, d.table + <usize>id * rowBytes, d.hidden, 1, d.out + <usize>t * <usize>d.hidden * 4)
  }
}
