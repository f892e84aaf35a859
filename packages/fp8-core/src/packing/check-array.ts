import { ArgumentError } from '../errors.ts'
import { kindOf } from '../kind-of.ts'

/** @throws {ArgumentError} unless `array` is a typed array of that type, of whichever realm. */
export function checkArray(
  op: string,
  argument: string,
  array: unknown,
  type: 'Uint8Array' | 'Int32Array' | 'Float32Array',
): void {
  const got = Object.prototype.toString.call(array).slice(8, -1)
  if (got === type) return
  const named = ArrayBuffer.isView(array) ? `a ${got}` : kindOf(array)
  throw new ArgumentError({ op, argument, expected: `a ${type}`, got: named })
}
