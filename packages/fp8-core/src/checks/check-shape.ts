import { ArgumentError } from '../errors.ts'
import { elementsOf } from './kind-of.ts'

/** @throws {ArgumentError} unless `shape` is two whole numbers whose product is one too. */
export function checkShape(op: string, shape: readonly [number, number]): void {
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0
  if (Array.isArray(shape) && shape.length === 2 && shape.every(isCount)) {
    if (isCount(shape[0] * shape[1])) return
  }
  throw new ArgumentError({
    op,
    argument: 'shape',
    expected: '[rows, columns], whole numbers',
    got: elementsOf(shape),
  })
}
