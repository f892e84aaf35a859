/** Rows copied from one place to another: concat, writeKv. */

/** `rows` rows of `bytes`, each next one a stride further. */
export function copyRows(
  source: usize, sourceStride: usize, target: usize, targetStride: usize, rows: i32, bytes: usize,
): void {
  for (let r = 0; r < rows; r++, source += sourceStride, target += targetStride) memory.copy(target, source, bytes)
}

/** `target[indices[r]] = source[r]`, rows of `bytes`; `indices` i32. */
export function scatterRows(source: usize, indices: usize, target: usize, rows: i32, bytes: usize): void {
  for (let r = 0; r < rows; r++, source += bytes, indices += 4) {
    memory.copy(target + <usize>load<i32>(indices) * bytes, source, bytes)
  }
}
