/** What kernels need of the device: run a program, working memory, and tables that never change. */
import type { DType, Tensor } from '@octoscale/tensor'
import type { Run } from './wgsl/program.ts'

export interface Runtime {
  /** Records a run after all earlier ones. */
  run(run: Run): void
  /** Working memory; see `DeviceMemory.scratch`. */
  scratch(name: string, dtype: DType, shape: readonly number[]): Tensor
  /** An i32 tensor with these values; equal values share one. Not to be written. */
  table(values: Int32Array): Tensor
}

/** Workgroups of `size` for `count` invocations. */
export function groupsOf(count: number, size: number): number {
  return Math.ceil(count / size)
}
