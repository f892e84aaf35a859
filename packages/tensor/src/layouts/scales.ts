/** The scales of a quantised weight: found, compared with the codes, decoded, checked. */
import { decodeArray } from '@octoscale/fp8-core'
import { FormatError } from '../errors.ts'
import type { StoredTensor } from '../files/header.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { shapeText } from '../views.ts'
import type { Codes } from './codes.ts'

/** U8 is the code of UE8M0: safetensors had no dtype for it before 0.6. */
export type ScaleDType = 'F32' | 'BF16' | 'F16' | 'F8_E8M0' | 'U8' | 'F8_E4M3'

export type Block = readonly [number, number]

/** The dtypes of scales that are any number. */
export const floatScales: readonly ScaleDType[] = ['F32', 'BF16', 'F16']
/** The dtypes of scales that are powers of two. */
export const powerScales: readonly ScaleDType[] = ['F8_E8M0', 'U8']

/** The scales with this name, from the header. Throws `FormatError` when they are missing or of another dtype. */
export async function findScales(
  reader: TensorReader,
  name: string,
  { stored: codes }: Codes,
  allowed: readonly ScaleDType[],
): Promise<StoredTensor & { readonly dtype: ScaleDType }> {
  const refuse = (problem: string) => new FormatError({ file: reader.name, tensor: printable(name), problem })
  if (!reader.has(name)) {
    throw refuse(`is missing: the ${codes.dtype} codes of ${printable(codes.name)} need it`)
  }
  const stored = await reader.info(name)
  const dtype = allowed.find((each) => each === stored.dtype)
  if (dtype === undefined) {
    const none = stored.dtype.includes('F') ? 'is no scale here' : 'has no float values'
    throw refuse(`dtype ${printable(stored.dtype)} ${none}; expected ${allowed.join(' or ')}`)
  }
  return { ...stored, dtype }
}

/** How many scales blocks of this size have: `[rows, columns]`, 1 for an extent of Infinity. */
export function scaleGrid(shape: readonly [number, number], block: Block): readonly [number, number] {
  return [blocks(shape[0], block[0]), blocks(shape[1], block[1])]
}

/** Whether a stored shape is that grid. One scale may also be `[]` or `[1]`, one per row `[rows]`. */
export function fitsGrid(stored: readonly number[], shape: readonly [number, number], block: Block): boolean {
  const grid = scaleGrid(shape, block)
  if (stored.length === 2) return stored[0] === grid[0] && stored[1] === grid[1]
  if (block[1] !== Number.POSITIVE_INFINITY) return false
  if (stored.length === 1) return stored[0] === grid[0]
  return stored.length === 0 && block[0] === Number.POSITIVE_INFINITY && grid[0] === 1
}

/** Throws `FormatError` unless there is one scale for each block of the codes. */
export function checkGrid(file: string, scales: StoredTensor, { shape }: Codes, block: Block): void {
  if (fitsGrid(scales.shape, shape, block)) return
  const got = shapeText(scales.shape.slice(0, 8))
  const of = `${shapeText(shape)} in blocks of ${shapeText(block)}`
  const problem = `must have shape ${shapeText(scaleGrid(shape, block))} for ${of}, got ${got}`
  throw new FormatError({ file, tensor: printable(scales.name), problem })
}

/** The values of scales, exact. Throws `FormatError` unless all are finite, and E4M3 scales not negative. */
export async function readScales(
  reader: TensorReader,
  { name, dtype }: StoredTensor & { readonly dtype: ScaleDType },
  columns: number,
): Promise<Float32Array> {
  const scales =
    dtype === 'U8' ? decodeArray(await reader.read(name), 'e8m0') : await reader.readFloat32(name)
  checkScales(reader.name, name, scales, columns, dtype === 'F8_E4M3')
  return scales
}

/** Throws `FormatError` for the first scale that is not finite, or has a sign where none may be. */
export function checkScales(
  file: string,
  name: string,
  scales: Float32Array,
  columns: number,
  unsigned = false,
): void {
  const bad = scales.findIndex(
    (scale) => !Number.isFinite(scale) || (unsigned && (scale < 0 || Object.is(scale, -0))),
  )
  if (bad < 0) return
  const place = `[${Math.floor(bad / columns)}, ${bad % columns}]`
  const value = Object.is(scales[bad], -0) ? '-0' : `${scales[bad]}`
  const problem = `scale ${place} is ${value}, must be finite${unsigned ? ' and without a sign' : ''}`
  throw new FormatError({ file, tensor: printable(name), problem })
}

function blocks(size: number, side: number): number {
  return side === Number.POSITIVE_INFINITY ? Math.min(size, 1) : Math.ceil(size / side)
}
