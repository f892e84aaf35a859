import { ArgumentError } from '../errors.ts'
import { checkLength } from './check-length.ts'
import { kindOf } from './kind-of.ts'

/**
 * @throws {ArgumentError} unless both are arrays or typed arrays of numbers (an object that only claims a length could be
 *   of any length); `LengthError` unless `actual` is as long as `reference`.
 */
export function checkPair(op: string, reference: ArrayLike<number>, actual: ArrayLike<number>): void {
  checkNumbers(op, 'reference', reference)
  checkNumbers(op, 'actual', actual)
  checkLength(op, 'actual', reference.length, actual.length)
}

/** @throws {ArgumentError} unless `array` is an array, or a typed array of numbers. */
export function checkNumbers(op: string, argument: string, array: unknown): void {
  if (Array.isArray(array)) return
  const tag = ArrayBuffer.isView(array) ? Object.prototype.toString.call(array) : undefined
  if (tag !== undefined && !/Big|DataView/.test(tag)) return
  const got = tag === undefined ? kindOf(array) : `a ${tag.slice(8, -1)}`
  throw new ArgumentError({ op, argument, expected: 'an array or typed array of numbers', got })
}
