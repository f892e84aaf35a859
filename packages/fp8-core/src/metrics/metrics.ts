/**
 * How far `actual` y is from `reference` x. Sums are float64, so that float32 inputs neither overflow nor underflow in
 * them. NaN in either array makes the result NaN, and so does the difference of two infinities of one sign.
 */
import { checkPair } from '../checks/check-numbers.ts'

/**
 * Signal to quantization noise in decibels, `10 log10(sum x^2 / sum (x - y)^2)`: higher is better (torchao's
 * `compute_error`). Infinity for equal arrays; -Infinity for noise on an all-zero reference.
 */
export function sqnr(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  const { signal, noise } = powers('sqnr', reference, actual)
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise)
}

/**
 * Normalized mean squared error, `sum (x - y)^2 / sum x^2`: sqnr is -10 log10 of it. 0 for equal arrays; Infinity for
 * noise on an all-zero reference.
 */
export function nmse(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  const { signal, noise } = powers('nmse', reference, actual)
  return noise === 0 ? 0 : noise / signal
}

/** `max |x - y|`; 0 for empty arrays. */
export function maxAbsoluteError(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkPair('maxAbsoluteError', reference, actual)
  let largest = 0
  // Math.max, unlike a comparison, lets a NaN through.
  for (let i = 0; i < reference.length; i++) largest = Math.max(largest, Math.abs(reference[i]! - actual[i]!))
  return largest
}

/**
 * `max |x - y| / |x|`; 0 for empty arrays. Where the reference is 0 (or -0), an element counts 0 if the other is zero too,
 * and Infinity if not.
 */
export function maxRelativeError(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkPair('maxRelativeError', reference, actual)
  let largest = 0
  for (let i = 0; i < reference.length; i++) {
    const x = reference[i]!
    const error = Math.abs(x - actual[i]!)
    // Not 0 / 0, which would be NaN.
    largest = Math.max(largest, error === 0 ? 0 : error / Math.abs(x))
  }
  return largest
}

/**
 * `1 - 2 sum(x y) / (sum x^2 + sum y^2)`: 0 for equal arrays (DeepGEMM's `calc_diff`, its accuracy measure).
 * Unlike a cosine it also sees a wrong length. 0 if both are all zero.
 */
export function cosineDifference(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkPair('cosineDifference', reference, actual)
  let product = 0
  let squares = 0
  for (let i = 0; i < reference.length; i++) {
    const x = reference[i]!
    const y = actual[i]!
    product += x * y
    squares += x * x + y * y
  }
  return squares === 0 ? 0 : 1 - (2 * product) / squares
}

function powers(
  op: string,
  reference: ArrayLike<number>,
  actual: ArrayLike<number>,
): { signal: number; noise: number } {
  checkPair(op, reference, actual)
  let signal = 0
  let noise = 0
  for (let i = 0; i < reference.length; i++) {
    const x = reference[i]!
    const error = x - actual[i]!
    signal += x * x
    noise += error * error
  }
  return { signal, noise }
}
