import { simdBench, simdBenchSize } from './simd-bench.ts'

// For fewer the copy to the bench takes longer than the loop.
const worthSimd = 48

/**
 * The largest magnitude of the float32 whose bits are `bits[start .. end - 1]`, as bits; 0 of none. As integers magnitudes
 * are in the order of their values, infinity (0x7f800000) and NaN above all others.
 */
export function largestMagnitude(bits: Int32Array, start: number, end: number): number {
  const bench = end - start < worthSimd ? undefined : simdBench()
  if (bench === undefined) return byLoop(bits, start, end)
  const { words, kernels } = bench
  let largest = 0
  for (let from = start; from < end; from += simdBenchSize) {
    const to = Math.min(from + simdBenchSize, end)
    const count = to - from
    words.set(bits.subarray(from, to))
    const whole = (count + 3) & ~3
    if (whole !== count) words.fill(0, count, whole)
    largest = Math.max(largest, kernels.largestMagnitude(whole))
  }
  return largest
}

function byLoop(bits: Int32Array, start: number, end: number): number {
  let largest = 0
  for (let i = start; i < end; i++) {
    const magnitude = bits[i]! & 0x7fffffff
    if (magnitude > largest) largest = magnitude
  }
  return largest
}
