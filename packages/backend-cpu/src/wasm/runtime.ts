/** What every kernel file needs: memory, the records of weights, where operations go, and in which numbers. */
import type { Policy } from '@octoscale/tensor'
import type { Heap } from './heap.ts'
import type { Recorder } from './recorder.ts'
import type { Weights } from './weights.ts'

export interface Runtime {
  readonly heap: Heap
  readonly weights: Weights
  readonly recorder: Recorder
  readonly policy: Policy
}

/** Scratch of `bytes` for each thread, rounded up to what keeps it aligned: address and distance. */
export function ownScratch(
  { heap, recorder }: Runtime,
  name: string,
  bytes: number,
): readonly [address: number, bytes: number] {
  const each = Math.ceil(bytes / 16) * 16
  return [heap.scratch(name, each * recorder.threads), each]
}
