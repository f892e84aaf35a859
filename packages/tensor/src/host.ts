/** Tensors in host memory: what a file gives and what is uploaded to a backend. */
import type { BlockScaledArray } from '@octoscale/fp8-core'
import type { DType } from './dtype.ts'

/** A dense row-major tensor in host memory, bytes little-endian. */
export interface HostTensor {
  readonly dtype: DType
  readonly shape: readonly number[]
  readonly data: Uint8Array
}

/** The host twin of `Weight`: dense, or FP8 codes with their block scales (`@octoscale/fp8-core`). */
export type HostWeight = HostTensor | BlockScaledArray

export function isBlockScaledArray(weight: HostWeight): weight is BlockScaledArray {
  return 'codes' in weight
}
