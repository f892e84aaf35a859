/** A weight in memory, and its rows as f32. */
import { bytesPerElement, decode, Kind } from './decode-run'

/**
 * Written by `src/wasm/matrix.ts`. Element `[r, c]` of an FP8 matrix is its code's value times
 * `scales[r / blockRows, c / blockColumns]`, and a row of `scales` has `scaleColumns` f32.
 * Dense matrices have `scales = 0`. Of an int8 matrix `scales` is what `int8.ts` says, and `scaleColumns` its blocks.
 *
 * A matrix of stored i8 codes has blocks of one row, and `minimums` that are added, or 0. As an int8 matrix it also has
 * `sums`: what `integers.ts` says.
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
  minimums: usize
  sums: usize
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
  if (matrix.kind == Kind.INTEGERS) {
    for (let r = 0; r < rows; r++) decodeIntegers(matrix, first + r, destination + <usize>r * <usize>columns * 4)
    return
  }
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

/** Row `row` of a matrix of i8 codes: `code * scale + minimum`, rounded to f32 after each step. */
function decodeIntegers(matrix: Matrix, row: i32, destination: usize): void {
  const columns = matrix.columns
  const width = matrix.blockColumns
  let codes = matrix.data + <usize>row * <usize>columns
  let block = <usize>row * <usize>matrix.scaleColumns * 4
  for (let begin = 0; begin < columns; begin += width, block += 4) {
    const count = min(width, columns - begin)
    const scale = load<f32>(matrix.scales + block)
    // -0 changes nothing that it is added to, not even the sign of a zero.
    const minimum: f32 = matrix.minimums ? load<f32>(matrix.minimums + block) : -0.0
    const whole = count & ~15
    for (let i = 0; i < whole; i += 16, codes += 16, destination += 64) {
      decodeIntegers16(v128.load(codes), f32x4.splat(scale), f32x4.splat(minimum), destination)
    }
    for (let i = whole; i < count; i++, codes++, destination += 4) {
      store<f32>(destination, <f32>load<i8>(codes) * scale + minimum)
    }
  }
}

// @ts-ignore: decorator
@inline
function decodeIntegers16(codes: v128, scale: v128, minimum: v128, destination: usize): void {
  decodeIntegers8(i16x8.extend_low_i8x16_s(codes), scale, minimum, destination)
  decodeIntegers8(i16x8.extend_high_i8x16_s(codes), scale, minimum, destination + 32)
}

// @ts-ignore: decorator
@inline
function decodeIntegers8(codes: v128, scale: v128, minimum: v128, destination: usize): void {
  const low = f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(codes))
  const high = f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(codes))
  v128.store(destination, f32x4.add(f32x4.mul(low, scale), minimum))
  v128.store(destination, f32x4.add(f32x4.mul(high, scale), minimum), 16)
}
