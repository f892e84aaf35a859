/** How far `actual` is from `reference`. Sums are float64; NaN or Infinity in the input shows in the result. */
import { checkLength } from './check-length.ts'

/**
 * Signal to quantization noise in decibels, `10 log10(sum x^2 / sum (x - y)^2)`: higher is better.
 * Infinity for equal arrays; -Infinity for noise on an all-zero reference.
 */
export function sqnr(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkLength('sqnr', 'actual', reference.length, actual.length)
  let signal = 0
  let noise = 0
  for (let i = 0; i < reference.length; i++) {
    const x = reference[i]!
    const error = x - actual[i]!
    signal += x * x
    noise += error * error
  }
  return noise === 0 ? Infinity : 10 * Math.log10(signal / noise)
}

/** `max |x - y|`; 0 for empty arrays. */
export function maxAbsoluteError(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkLength('maxAbsoluteError', 'actual', reference.length, actual.length)
  let largest = 0
  // Math.max, unlike a comparison, lets a NaN through.
  for (let i = 0; i < reference.length; i++) largest = Math.max(largest, Math.abs(reference[i]! - actual[i]!))
  return largest
}

/**
 * `1 - 2 sum(x y) / (sum x^2 + sum y^2)`: 0 for equal arrays (DeepGEMM's `calc_diff`, its accuracy measure).
 * Unlike a cosine it also sees a wrong length. 0 if both are all zero.
 */
export function cosineDifference(reference: ArrayLike<number>, actual: ArrayLike<number>): number {
  checkLength('cosineDifference', 'actual', reference.length, actual.length)
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
