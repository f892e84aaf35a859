/** A weight in memory, and its rows as f32. */
import { bytesPerElement, decode } from './decode-run'

/**
 * Written by `src/wasm/matrix.ts`. Element `[r, c]` of an FP8 matrix is its code's value times
 * `scales[r / blockRows, c / blockColumns]`, and a row of `scales` has `scaleColumns` f32.
 * Dense matrices have `scales = 0`. Of an int8 matrix `scales` is what `int8.ts` says, and `scaleColumns` its blocks.
 */
@unmanaged
export class Matrix {
  kind: i32
  columns: i32
  data: usize
  scales: usize
  blockRows: i32
  blockColumns: i32
  scaleColumns: i32
  /** Bytes from row to row; only of an int8 matrix. */
  rowBytes: usize
}

/** Address of the scale of row `row`, first block of columns. */
// @ts-ignore: decorator
@inline
export function rowScales(matrix: Matrix, row: i32): usize {
  return matrix.scales + <usize>(row / matrix.blockRows) * <usize>matrix.scaleColumns * 4
}

/** Rows `first .. first + rows - 1` of `matrix` as f32 `[rows, columns]`. */
export function decodeRows(matrix: Matrix, first: i32, rows: i32, destination: usize): void {
  const columns = matrix.columns
  const bytes = bytesPerElement(matrix.kind)
  const scaled = matrix.scales != 0
  const width = scaled ? min(matrix.blockColumns, columns) : columns
  let source = matrix.data + <usize>first * <usize>columns * bytes
  for (let r = first; r < first + rows; r++) {
    let scales = scaled ? rowScales(matrix, r) : 0
    for (let begin = 0; begin < columns; begin += width, scales += 4) {
      const count = min(width, columns - begin)
      decode(matrix.kind, source, count, scaled ? load<f32>(scales) : 1, destination)
      source += <usize>count * bytes
      destination += <usize>count * 4
    }
  }
}
