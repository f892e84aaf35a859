/** The codes of a quantised weight, as tensors hold them. */
import { type FormatName, unpackFp4 } from '@octoscale/fp8-core'
import { FormatError } from '../errors.ts'
import type { StoredTensor } from '../files/header.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { shapeText } from '../views.ts'

export type CodeDType = 'F8_E4M3' | 'F8_E5M2' | 'F4' | 'U8' | 'I8'

interface Holding {
  readonly format: FormatName
  /** Codes in an element of the stored shape. */
  readonly perElement: 1 | 2
  readonly packed: boolean
}

/** Which codes stand in which dtype. Bytes hold two FP4 codes, the first in the low half. */
const holdings: Readonly<Record<CodeDType, Holding>> = {
  F8_E4M3: { format: 'e4m3', perElement: 1, packed: false },
  F8_E5M2: { format: 'e5m2', perElement: 1, packed: false },
  F4: { format: 'e2m1', perElement: 1, packed: true },
  U8: { format: 'e2m1', perElement: 2, packed: true },
  I8: { format: 'e2m1', perElement: 2, packed: true },
}

export interface Codes {
  readonly stored: StoredTensor
  readonly format: FormatName
  readonly packed: boolean
  /** `[rows, columns]` in codes. */
  readonly shape: readonly [number, number]
}

/** The codes with this name, from the header. Throws `FormatError` for another dtype than allowed or another rank than 2. */
export async function findCodes(
  reader: TensorReader,
  name: string,
  allowed: readonly CodeDType[],
): Promise<Codes> {
  const stored = await reader.info(name)
  const refuse = (problem: string) => new FormatError({ file: reader.name, tensor: printable(name), problem })
  const dtype = allowed.find((each) => each === stored.dtype)
  if (dtype === undefined) throw refuse(wrongDType(stored.dtype, allowed))
  const [rows, columns] = stored.shape
  const { format, perElement, packed } = holdings[dtype]
  if (rows === undefined || columns === undefined || stored.shape.length !== 2) {
    const kind = dtype.startsWith('F8') ? 'FP8' : 'FP4'
    throw refuse(`${kind} weights must be [rows, columns], got ${shapeText(stored.shape.slice(0, 8))}`)
  }
  return { stored, format, packed, shape: [rows, columns * perElement] }
}

/** One code in a byte, row-major. */
export async function readCodes(reader: TensorReader, { stored, packed }: Codes): Promise<Uint8Array> {
  const bytes = await reader.read(stored.name)
  return packed ? unpackFp4(bytes) : bytes
}

/** Why these codes cannot be read. */
function wrongDType(dtype: string, allowed: readonly CodeDType[]): string {
  const expected = `expected ${allowed.join(' or ')} beside its scales`
  if (!dtype.endsWith('FNUZ')) return `dtype ${printable(dtype)} has no codes of this layout; ${expected}`
  return `dtype ${printable(dtype)} is the FP8 of AMD MI300, which is not supported (its codes mean other numbers); ${expected}`
}
