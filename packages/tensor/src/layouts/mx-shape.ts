/** Telling blocks of 32 from others by the tensors alone. */
import type { TensorReader } from '../files/tensor-reader.ts'
import type { Parts } from './layout.ts'
import { fitsGrid } from './scales.ts'

/** Whether the scales are bytes of UE8M0, one for 32 codes of a row. */
export async function looksLikeMx(reader: TensorReader, { codes, scales }: Parts): Promise<boolean> {
  const { dtype, shape } = await reader.info(scales)
  const [rows, columns] = (await reader.info(codes)).shape
  if ((dtype !== 'F8_E8M0' && dtype !== 'U8') || rows === undefined || columns === undefined) return false
  return [columns, 2 * columns].some((width) => fitsGrid(shape, [rows, width], [1, 32]))
}
