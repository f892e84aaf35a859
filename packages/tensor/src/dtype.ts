/** Names of the element types of a tensor in backend memory. */
export type DType = 'f32' | 'bf16' | 'f16' | 'i32' | 'u8' | 'i8' | 'f8_e4m3' | 'f8_e5m2'

/** Element types of a tensor in backend memory. A dtype is a row of data: what a kernel needs to know of it. */
export const dtypes: Readonly<Record<DType, { readonly bytes: number }>> = {
  f32: { bytes: 4 },
  bf16: { bytes: 2 },
  f16: { bytes: 2 },
  i32: { bytes: 4 },
  u8: { bytes: 1 },
  /** Two's complement. Storage only: codes of a {@link BlockScaled}. */
  i8: { bytes: 1 },
  /** OCP E4M3FN codes. Storage only: they have no value without the scales of a {@link BlockScaled}. */
  f8_e4m3: { bytes: 1 },
  /** OCP E5M2 codes. Storage only, as above. */
  f8_e5m2: { bytes: 1 },
}

/** Bytes of one element. */
export function bytesPerElement(dtype: DType): number {
  return dtypes[dtype].bytes
}
