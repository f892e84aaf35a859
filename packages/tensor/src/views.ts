/** Making tensor records and views of them. No bytes move here. */
import { bytesPerElement, type DType } from './dtype.ts'
import { ArgumentError, ShapeError } from './errors.ts'
import type { BufferHandle, Tensor } from './tensor.ts'

/** Number of elements of a shape; 1 for `[]`. */
export function numel(shape: readonly number[]): number {
  let count = 1
  for (const size of shape) count *= size
  return count
}

/** Bytes that a tensor covers in its buffer. */
export function byteLength(t: Pick<Tensor, 'dtype' | 'shape'>): number {
  return numel(t.shape) * bytesPerElement(t.dtype)
}

/** A shape as error messages print it: `[3, 64]`. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`
}

/**
 * A tensor over `buffer`, first element at byte `offset`. Every size is an integer >= 0.
 * Throws `ShapeError` for a bad size and `ArgumentError` when it does not lie inside the buffer.
 */
export function tensor(buffer: BufferHandle, dtype: DType, shape: readonly number[], offset = 0): Tensor {
  const view: Tensor = { buffer, dtype, shape, offset }
  validatePlacement('tensor', buffer.label, view)
  return view
}

/** Rows `start .. start + count - 1` of a tensor's first dimension. Throws `ArgumentError` outside of it. */
export function rows(t: Tensor, start: number, count: number): Tensor {
  const [total, ...rest] = t.shape
  const integers = Number.isSafeInteger(start) && Number.isSafeInteger(count)
  if (total === undefined || !integers || start < 0 || count < 0 || start + count > total) {
    throw new ArgumentError({
      op: 'rows',
      argument: `rows of ${t.buffer.label}`,
      expected: `inside 0 .. ${(total ?? 0) - 1}`,
      got: `${start} .. ${start + count - 1}`,
    })
  }
  const rowBytes = numel(rest) * bytesPerElement(t.dtype)
  return { ...t, shape: [count, ...rest], offset: t.offset + start * rowBytes }
}

/** The same elements under another shape. Throws `ShapeError` when the number of elements differs. */
export function reshape(t: Tensor, shape: readonly number[]): Tensor {
  if (numel(shape) !== numel(t.shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new ShapeError({
      op: 'reshape',
      tensor: t.buffer.label,
      expected: `of ${numel(t.shape)} elements`,
      got: shapeText(shape),
    })
  }
  return { ...t, shape }
}

/** Throws unless `t` has sizes >= 0, an aligned offset, and lies inside its buffer. */
export function validatePlacement(op: string, name: string, t: Tensor): void {
  const { shape, offset, buffer } = t
  let elements = 1
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new ShapeError({ op, tensor: name, expected: 'of integers >= 0', got: shapeText(shape) })
    }
    elements *= size
  }
  const width = bytesPerElement(t.dtype)
  if (!Number.isSafeInteger(offset) || offset < 0 || offset % width !== 0) {
    const expected = `a multiple of ${width}, >= 0`
    throw new ArgumentError({ op, argument: `offset of ${name}`, expected, got: `${offset}` })
  }
  // Not `elements * width > bytes - offset` alone: a product beyond 2^53 is inexact, yet still too large.
  if (elements * width + offset > buffer.bytes) {
    throw new ArgumentError({
      op,
      argument: `end of ${name}`,
      expected: `<= ${buffer.bytes} bytes (buffer ${buffer.label})`,
      got: `${elements * width + offset}`,
    })
  }
}
