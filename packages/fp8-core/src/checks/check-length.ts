import { LengthError } from '../errors.ts'

/** @throws {LengthError} unless `got` is `expected`. */
export function checkLength(op: string, array: string, expected: number, got: number): void {
  if (expected !== got) throw new LengthError({ op, array, expected, got })
}
