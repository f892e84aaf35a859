import { Descriptor, take } from './descriptor'

@unmanaged
export class AddOp extends Descriptor {
  a: usize
  b: usize
  rows: i32
  columns: i32
  out: usize
}

/** `out[r] = a[r] + b`, or `a[r] + b[r]` as one row. `out` may be `a`, or `b`. */
export function runAdd(d: AddOp): void {
  const rowBytes = <usize>d.columns * 4
  if (d.rows == 1) {
    for (let i = take(d) * GRAIN; i < d.columns; i = take(d) * GRAIN) {
      const at = <usize>i * 4
      add(d.a + at, d.b + at, min(GRAIN, d.columns - i), d.out + at)
    }
    return
  }
  for (let r = take(d); r < d.rows; r = take(d)) {
    add(d.a + rowBytes * r, d.b, d.columns, d.out + rowBytes * r)
  }
}

/** Elements of one task. */
const GRAIN: i32 = 4096

/** `out = a + b`. `out` may be `a` or `b`. */
export function add(a: usize, b: usize, count: i32, out: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4, a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.add(v128.load(a), v128.load(b)))
  }
  for (; i < count; i++, a += 4, b += 4, out += 4) store<f32>(out, load<f32>(a) + load<f32>(b))
}
