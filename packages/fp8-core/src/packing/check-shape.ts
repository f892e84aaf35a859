import { ArgumentError } from '../errors.ts'
import { kindOf } from '../kind-of.ts'

/** @throws {ArgumentError} unless `shape` is two whole numbers whose product is one too. */
export function checkShape(op: string, shape: readonly [number, number]): void {
  const isCount = (n: number) => Number.isSafeInteger(n) && n >= 0
  if (Array.isArray(shape) && shape.length === 2 && [...shape, shape[0] * shape[1]].every(isCount)) return
  throw new ArgumentError({
    op,
    argument: 'shape',
    expected: '[rows, columns], whole numbers',
    got: Array.isArray(shape) ? `[${shape.join(', ')}]` : kindOf(shape),
  })
}
