/**
 * The mixture of experts: see `MoeArgs` of the contract. Four steps, each a descriptor: slots (`token * topK + k`) grouped
 * by expert, so that each weight is read once for all tokens that chose it; `silu(gate . x) * (up . x)`; `down`; the sum
 * of each token's experts, in the order of its choice.
 */
import { thread } from './control'
import { Descriptor, take } from './descriptor'
import { IndexTensor, inRange } from './indices'
import { linear, rowStride } from './linear'
import { Matrix } from './matrix'
import { siluMul } from './silu-mul'
import { addScaled } from './vector'

@unmanaged
export class MoeGroupOp extends Descriptor {
  /** `[slots]` i32, slots = tokens * topK. */
  indices: usize
  slots: i32
  topK: i32
  experts: i32
  /** Results: i32 `[experts + 1]`, where an expert's places begin and end. */
  starts: usize
  /** i32 `[slots]`: the token in each place. */
  tokens: usize
  /** i32 `[slots]`: the place of each slot. */
  places: usize
}

/** By one thread. After an index out of range there are no places. */
export function runMoeGroup(d: MoeGroupOp): void {
  if (take(d) != 0) {
    if (thread == 0) inRange(d.op, IndexTensor.INDICES, d.indices, d.slots, d.experts)
    return
  }
  const starts = d.starts
  memory.fill(starts, 0, <usize>(d.experts + 1) * 4)
  if (!inRange(d.op, IndexTensor.INDICES, d.indices, d.slots, d.experts)) return
  const slotBytes = <usize>d.slots * 4
  for (let s: usize = 0; s < slotBytes; s += 4) {
    const counter = starts + <usize>load<i32>(d.indices + s) * 4 + 4
    store<i32>(counter, load<i32>(counter) + 1)
  }
  for (let e: usize = 4; e <= <usize>d.experts * 4; e += 4) {
    store<i32>(starts + e, load<i32>(starts + e) + load<i32>(starts + e - 4))
  }
  // Each expert's start moves on with every place that is given, and back by one expert afterwards.
  for (let slot = 0; slot < d.slots; slot++) {
    const start = starts + <usize>load<i32>(d.indices + <usize>slot * 4) * 4
    const place = load<i32>(start)
    store<i32>(start, place + 1)
    store<i32>(d.places + <usize>slot * 4, place)
    store<i32>(d.tokens + <usize>place * 4, slot / d.topK)
  }
  for (let e = <usize>d.experts * 4; e > 0; e -= 4) store<i32>(starts + e, load<i32>(starts + e - 4))
  store<i32>(starts, 0)
}

/** Three matrices, as `src/wasm/kernels/moe.ts` lays them out. */
@unmanaged
class ExpertRecord {
  gate: usize
  up: usize
  down: usize
}

@unmanaged
export class MoeInnerOp extends Descriptor {
  /** `ExpertRecord` of each. */
  records: usize
  experts: i32
  starts: usize
  tokens: usize
  /** What `linear` takes, `[tokens]` rows. */
  x: usize
  intermediate: i32
  /** f32 `[slots, intermediate]` each; `gate` gets the result. */
  gate: usize
  up: usize
  grain: i32
  panel: usize
  panelBytes: usize
}

export function runMoeInner(d: MoeInnerOp): void {
  const width = d.intermediate
  const rowBytes = <usize>width * 4
  const parts = (width + d.grain - 1) / d.grain
  const tasks = d.experts * parts
  const panel = d.panel + d.panelBytes * <usize>thread
  for (let task = take(d); task < tasks; task = take(d)) {
    const e = task / parts
    const begin = load<i32>(d.starts + <usize>e * 4)
    const count = load<i32>(d.starts + <usize>e * 4, 4) - begin
    if (count == 0) continue
    const r = (task - e * parts) * d.grain
    const rows = min(d.grain, width - r)
    const record = changetype<ExpertRecord>(d.records + <usize>e * offsetof<ExpertRecord>())
    const at = <usize>begin * rowBytes + <usize>r * 4
    const list = d.tokens + <usize>begin * 4
    const first = changetype<Matrix>(record.gate)
    const second = changetype<Matrix>(record.up)
    linear(first, r, rows, d.x, rowStride(first), count, d.gate + at, rowBytes, panel, list)
    linear(second, r, rows, d.x, rowStride(second), count, d.up + at, rowBytes, panel, list)
    for (let i = 0; i < count; i++) {
      const row = at + rowBytes * i
      siluMul(d.gate + row, d.up + row, rows, d.gate + row)
    }
  }
}

@unmanaged
export class MoeOuterOp extends Descriptor {
  records: usize
  experts: i32
  starts: usize
  /** What `linear` takes, `[slots]` rows. */
  inner: usize
  hidden: i32
  /** f32 `[slots, hidden]`. */
  results: usize
  grain: i32
  panel: usize
  panelBytes: usize
}

export function runMoeOuter(d: MoeOuterOp): void {
  const rowBytes = <usize>d.hidden * 4
  const parts = (d.hidden + d.grain - 1) / d.grain
  const tasks = d.experts * parts
  const panel = d.panel + d.panelBytes * <usize>thread
  for (let task = take(d); task < tasks; task = take(d)) {
    const e = task / parts
    const begin = load<i32>(d.starts + <usize>e * 4)
    const count = load<i32>(d.starts + <usize>e * 4, 4) - begin
    if (count == 0) continue
    const r = (task - e * parts) * d.grain
    const rows = min(d.grain, d.hidden - r)
    const record = changetype<ExpertRecord>(d.records + <usize>e * offsetof<ExpertRecord>())
    const down = changetype<Matrix>(record.down)
    const stride = rowStride(down)
    const out = d.results + <usize>begin * rowBytes + <usize>r * 4
    linear(down, r, rows, d.inner + stride * begin, stride, count, out, rowBytes, panel)
  }
}

@unmanaged
export class MoeCombineOp extends Descriptor {
  slots: i32
  topK: i32
  experts: i32
  starts: usize
  places: usize
  /** f32 `[slots]`. */
  weights: usize
  results: usize
  hidden: i32
  out: usize
}

/** `out[t] = sum_k weights[t, k] * results[place(t, k)]`; a task is one token. */
export function runMoeCombine(d: MoeCombineOp): void {
  if (load<i32>(d.starts + <usize>d.experts * 4) == 0) return
  const rowBytes = <usize>d.hidden * 4
  const tokens = d.slots / d.topK
  for (let t = take(d); t < tokens; t = take(d)) {
    const out = d.out + rowBytes * t
    memory.fill(out, 0, rowBytes)
    for (let k = 0; k < d.topK; k++) {
      const slot = <usize>(t * d.topK + k) * 4
      addScaled(d.results + rowBytes * load<i32>(d.places + slot), load<f32>(d.weights + slot), d.hidden, out)
    }
  }
}
