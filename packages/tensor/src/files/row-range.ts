/** Reading some rows of a tensor as floats: what `readFloat32` of every format takes. */
import { ArgumentError } from '../errors.ts'
import type { StoredTensor } from './header.ts'
import { printable } from './json-keys.ts'

export interface ReadFloat32Options {
  /**
   * Only rows `from .. to - 1`, where a row is a run of the last dimension and all other dimensions are counted through.
   * Of an embedding `[128_000, 4096]`, `[5, 6]` is the vector of token 5.
   */
  readonly rows?: readonly [from: number, to: number]
  /** Where to put the values, exactly as long; by default a new array. */
  readonly out?: Float32Array
}

/** The elements `first .. first + count - 1` that these rows are. */
export function selectRows(
  op: string,
  { shape }: Pick<StoredTensor, 'shape'>,
  rows: readonly [number, number] | undefined,
): { first: number; count: number } {
  const columns = shape.at(-1) ?? 1
  const total = shape.slice(0, -1).reduce((product, size) => product * size, 1)
  const [from, to] = rows ?? [0, total]
  if (Number.isInteger(from) && Number.isInteger(to) && from >= 0 && from <= to && to <= total) {
    return { first: from * columns, count: (to - from) * columns }
  }
  const expected = `two integers, from <= to, in 0 .. ${total}`
  throw new ArgumentError({ op, argument: 'rows', expected, got: `[${from}, ${to}]` })
}

/** Throws `ArgumentError` unless `out`, if there is one, has room for exactly `count` values. */
export function checkOut(tensor: string, count: number, out: Float32Array | undefined): void {
  if (out === undefined || out.length === count) return
  const expected = `${count} long for these rows of ${printable(tensor)}`
  throw new ArgumentError({ op: 'readFloat32', argument: 'out', expected, got: `${out.length}` })
}
