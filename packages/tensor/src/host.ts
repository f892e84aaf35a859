/** Tensors in host memory: what a file gives and what is uploaded to a backend. */
import type { BlockScaledArray } from '@octoscale/fp8-core'
import type { DType } from './dtype.ts'

/** A dense row-major tensor in host memory, bytes little-endian. */
export interface HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/**
 * Integer codes with block scales: `value = code * scale + minimum`, in f32, rounded once. Of a matrix `[rows, columns]`,
 * scales and minimums are `[rows, ceil(columns / block[1])]`.
 */
export interface IntegerCodes {
  readonly shape: readonly [rows: number, columns: number]
  /** A scale for so many codes along a row. */
  readonly block: readonly [1, 16] | readonly [1, 32]
  readonly codes: Int8Array
  readonly scales: Float32Array
  /** Of some formats only. */
  readonly minimums?: Float32Array | undefined
}

/** The host twin of `Weight`: dense, or FP8 codes with their block scales (`@octoscale/fp8-core`). */
export type HostWeight = HostTensor | BlockScaledArray

export function isBlockScaledArray(weight: HostWeight): weight is BlockScaledArray {
  return 'codes' in weight
}

export function isIntegerCodes(weight: HostWeight | IntegerCodes): weight is IntegerCodes {
  return 'codes' in weight && weight.codes instanceof Int8Array
}
