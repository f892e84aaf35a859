/** `out = a + b`. `out` may be `a` or `b`. */
export function add(a: usize, b: usize, count: i32, out: usize): void {
  let i = 0
  for (; i + 4 <= count; i += 4, a += 16, b += 16, out += 16) {
    v128.store(out, f32x4.add(v128.load(a), v128.load(b)))
  }
  for (; i < count; i++, a += 4, b += 4, out += 4) store<f32>(out, load<f32>(a) + load<f32>(b))
}

/** `out[r] = a[r] + b` for `rows` rows of `columns`. `out` may be `a`. */
export function addRow(a: usize, b: usize, rows: i32, columns: i32, out: usize): void {
  const rowBytes = <usize>columns * 4
  for (let r = 0; r < rows; r++, a += rowBytes, out += rowBytes) add(a, b, columns, out)
}
