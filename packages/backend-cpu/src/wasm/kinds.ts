/** How elements are stored: the numbers of `Kind` in `assembly/decode-run.ts`, and the sizes of `assembly/int8.ts`. */
import type { DType } from '@octoscale/tensor'

const kinds: Readonly<Record<Exclude<DType, 'i32' | 'u8'>, number>> = {
  f32: 0,
  bf16: 1,
  f16: 2,
  f8_e4m3: 3,
  f8_e5m2: 4,
  i8: 6,
}

/** Codes of the policy `int8`. */
export const int8Kind = 5

/** The number of a dtype that passed the checks of `checked()`. */
export function kindOf(dtype: DType): number {
  return kinds[dtype as keyof typeof kinds]
}

const BLOCK = 128

/** Bytes of the scales of an int8 matrix: for four rows and a block 4 scales and 4 sums. */
export function int8ScaleBytes(rows: number, columns: number): number {
  return Math.ceil(rows / 4) * Math.ceil(columns / BLOCK) * 32
}

/** Bytes of the sums of an int8 matrix whose stored codes stay: 4 of them for four rows and a block. */
export function codeSumBytes(rows: number, columns: number): number {
  return Math.ceil(rows / 4) * Math.ceil(columns / BLOCK) * 16
}

/** Bytes of a quantized vector: codes filled up to 16, then 8 bytes for each block, filled up to 16. */
export function quantizedBytes(columns: number): number {
  return (Math.ceil(columns / 16) + Math.ceil(Math.ceil(columns / BLOCK) / 2)) * 16
}
