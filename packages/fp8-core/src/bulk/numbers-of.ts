import { kindOf } from '../checks/kind-of.ts'
import { ArgumentError } from '../errors.ts'
import type { NumberView } from './stage.ts'

/**
 * `input` if it is a typed array of numbers, otherwise a copy of it.
 *
 * @throws {ArgumentError} for what is neither a typed array of numbers nor an array of nothing but numbers. JavaScript would
 *   convert it: null, which JSON writes for NaN, to 0, rows of a nested array to NaN, an ArrayBuffer to no numbers at all.
 */
export function numbersOf(op: string, input: ArrayLike<number>): NumberView {
  const unfit = (argument: string, expected: string, got: unknown) =>
    new ArgumentError({ op, argument, expected, got: kindOf(got) })
  if (ArrayBuffer.isView(input)) {
    const tag = (input as { readonly [Symbol.toStringTag]?: string })[Symbol.toStringTag]
    if (tag?.startsWith('Big') || tag === 'DataView') throw unfit('input', 'an array of numbers', tag)
    return input as NumberView
  }
  if (
    !(typeof input === 'object' && input !== null && Number.isSafeInteger(input.length) && input.length >= 0)
  ) {
    throw unfit('input', 'an array of numbers', input)
  }
  const numbers = new Float64Array(input.length)
  for (let i = 0; i < numbers.length; i++) {
    const number = input[i]
    if (typeof number !== 'number') throw unfit(`input[${i}]`, 'a number', number)
    numbers[i] = number
  }
  return numbers
}
