/** A weight in memory, and its rows as f32. */
import {
  correctE4m3,
  f16ToF32,
  highBf16,
  highBytes,
  highE4m3,
  lowBf16,
  lowBytes,
  lowE4m3,
  specialE4m3,
} from './decode'

/** How elements are stored: the numbers of `kinds` in `src/wasm/matrix.ts`. */
export namespace Kind {
  export const F32: i32 = 0
  export const BF16: i32 = 1
  export const F16: i32 = 2
  export const E4M3: i32 = 3
  export const E5M2: i32 = 4
}

/**
 * Written by `src/wasm/matrix.ts`. Element `[r, c]` of an FP8 matrix is its code's value times
 * `scales[r / blockRows, c / blockColumns]`, and a row of `scales` has `scaleColumns` f32.
 * Dense matrices have `scales = 0`.
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
}

// @ts-ignore: decorator
@inline
export function bytesPerElement(kind: i32): i32 {
  return kind == Kind.F32 ? 4 : kind >= Kind.E4M3 ? 1 : 2
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
  const rowBytes = <usize>columns * bytesPerElement(matrix.kind)
  for (let r = first; r < first + rows; r++, destination += <usize>columns * 4) {
    const source = matrix.data + <usize>r * rowBytes
    decode(matrix.kind, source, columns, destination)
    if (matrix.scales != 0) scaleRow(destination, columns, rowScales(matrix, r), matrix.blockColumns)
  }
}

/** `count` stored elements as f32, without scales. */
export function decode(kind: i32, source: usize, count: i32, destination: usize): void {
  if (kind == Kind.F32) {
    memory.copy(destination, source, <usize>count * 4)
    return
  }
  const step = <usize>16 * bytesPerElement(kind)
  let i = 0
  for (; i + 16 <= count; i += 16, source += step, destination += 64) decode16(kind, source, destination)
  if (i < count) decodeTail(kind, source, count - i, destination)
}

/** Fewer than 16 elements: through a copy, so that nothing is read or written beyond them. */
function decodeTail(kind: i32, source: usize, count: i32, destination: usize): void {
  const stored = memory.data(32, 16)
  const decoded = memory.data(64, 16)
  memory.copy(stored, source, <usize>count * bytesPerElement(kind))
  decode16(kind, stored, decoded)
  memory.copy(destination, decoded, <usize>count * 4)
}

function decode16(kind: i32, source: usize, destination: usize): void {
  if (kind == Kind.E4M3) {
    decodeE4m3(v128.load(source), destination)
  } else if (kind == Kind.BF16) {
    decodeBf16(v128.load(source), destination)
    decodeBf16(v128.load(source, 16), destination + 32)
  } else if (kind == Kind.F16) {
    decodeF16(v128.load(source), destination)
    decodeF16(v128.load(source, 16), destination + 32)
  } else {
    const codes = v128.load(source)
    decodeF16(lowBytes(codes), destination)
    decodeF16(highBytes(codes), destination + 32)
  }
}

// @ts-ignore: decorator
@inline
function decodeE4m3(codes: v128, destination: usize): void {
  const low = lowE4m3(codes)
  const high = highE4m3(codes)
  const magnitude = v128.and(codes, i8x16.splat(0x7f))
  if (i8x16.bitmask(specialE4m3(magnitude, magnitude)) == 0) {
    decodeBf16(low, destination)
    decodeBf16(high, destination + 32)
  } else {
    v128.store(destination, correctE4m3(lowBf16(low)))
    v128.store(destination, correctE4m3(highBf16(low)), 16)
    v128.store(destination, correctE4m3(lowBf16(high)), 32)
    v128.store(destination, correctE4m3(highBf16(high)), 48)
  }
}

// @ts-ignore: decorator
@inline
function decodeBf16(v: v128, destination: usize): void {
  v128.store(destination, lowBf16(v))
  v128.store(destination, highBf16(v), 16)
}

// @ts-ignore: decorator
@inline
function decodeF16(v: v128, destination: usize): void {
  v128.store(destination, f16ToF32(i32x4.extend_low_i16x8_s(v)))
  v128.store(destination, f16ToF32(i32x4.extend_high_i16x8_s(v)), 16)
}

/** Multiplies each block of `width` columns of one row by its scale. */
function scaleRow(row: usize, columns: i32, scales: usize, width: i32): void {
  for (let begin = 0; begin < columns; begin += width, scales += 4) {
    const count = min(width, columns - begin)
    const scale = load<f32>(scales)
    const scales4 = f32x4.splat(scale)
    let i = 0
    for (; i + 4 <= count; i += 4, row += 16) v128.store(row, f32x4.mul(v128.load(row), scales4))
    for (; i < count; i++, row += 4) store<f32>(row, load<f32>(row) * scale)
  }
}
