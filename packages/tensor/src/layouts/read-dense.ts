/** Weights without scales. */
import type { DType } from '../dtype.ts'
import { FormatError } from '../errors.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import type { HostTensor } from '../host.ts'

const denseDTypes: Readonly<Record<string, DType>> = { F32: 'f32', BF16: 'bf16', F16: 'f16', I32: 'i32' }

/** The dtype of a tensor in memory if it is stored dense. */
export function denseDType(stored: string): DType | undefined {
  return Object.hasOwn(denseDTypes, stored) ? denseDTypes[stored] : undefined
}

/** A tensor as it is stored. Throws `FormatError` for one that has no values without scales, or is no weight. */
export async function readDense(reader: TensorReader, name: string): Promise<HostTensor> {
  const { dtype: stored, shape } = await reader.info(name)
  const dtype = denseDType(stored)
  if (dtype !== undefined) return { dtype, shape, data: await reader.read(name) }
  const readable = Object.keys(denseDTypes).join(', ')
  const isCode = /^F[468]/.test(stored) && stored !== 'F64' && stored !== 'F8_E8M0'
  const problem = isCode
    ? `its ${printable(stored)} codes have no scales in this checkpoint, so their values are not known`
    : `dtype ${printable(stored)} is no weight; readable: ${readable}, and codes with scales`
  throw new FormatError({ file: reader.name, tensor: printable(name), problem })
}
