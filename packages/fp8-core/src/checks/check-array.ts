import { ArgumentError } from '../errors.ts'
import { kindOf } from './kind-of.ts'

/**
 * @param purpose what the message says behind the type's name.
 * @throws {ArgumentError} unless `array` is a typed array of that type, of whichever realm.
 */
export function checkArray(
  op: string,
  argument: string,
  array: unknown,
  type: 'Uint8Array' | 'Uint16Array' | 'Int32Array' | 'Float32Array',
  purpose = '',
): void {
  const tag = (array as { readonly [Symbol.toStringTag]?: unknown } | null | undefined)?.[Symbol.toStringTag]
  if (tag === type) return
  const got = ArrayBuffer.isView(array) ? `a ${tag}` : kindOf(array)
  throw new ArgumentError({ op, argument, expected: `a ${type}${purpose}`, got })
}
