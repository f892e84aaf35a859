import { ArgumentError } from '../errors.ts'

/**
 * Bulk conversions read and write from front to back. So `out` may lie over `input` where it starts no later, if its
 * elements are as wide or narrower, or where it ends no earlier, if they are wider; anything else would overwrite
 * elements not yet read. Sees only memory that is the same object: not one SharedArrayBuffer received twice.
 *
 * @throws {ArgumentError} if `out` overlaps `input` otherwise.
 */
export function checkOverlap(
  op: string,
  input: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number },
  out: ArrayBufferView & { readonly BYTES_PER_ELEMENT: number },
): void {
  if (input.buffer !== out.buffer) return
  const [inputEnd, outEnd] = [input.byteOffset + input.byteLength, out.byteOffset + out.byteLength]
  if (input.byteOffset >= outEnd || out.byteOffset >= inputEnd) return
  const wider = out.BYTES_PER_ELEMENT > input.BYTES_PER_ELEMENT
  if (wider ? outEnd <= inputEnd : out.byteOffset <= input.byteOffset) return
  throw new ArgumentError({
    op,
    argument: 'out',
    expected: wider ? 'elsewhere, or end where the input ends' : 'elsewhere, or start where the input starts',
    got: `an overlap that overwrites input not yet read`,
  })
}
