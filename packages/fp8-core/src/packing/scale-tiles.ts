/**
 * Scales as NVIDIA's tensor cores read them ("swizzled", cuBLAS block scaling factors layout; torchao `to_blocked`):
 * a matrix of bytes cut into tiles of 128 x 4, which follow each other row by row. A tile is 512 bytes, and in it row r,
 * column c lies at 16 (r mod 32) + 4 floor(r / 32) + c. Rows and columns that fill the last tiles are 0.
 */

import { checkArray } from '../checks/check-array.ts'
import { checkLength } from '../checks/check-length.ts'
import { checkShape } from '../checks/check-shape.ts'
import type { Written } from '../written.ts'

const tileRows = 128
const tileColumns = 4
const tileBytes = tileRows * tileColumns

/**
 * Rearranges row-major [rows, columns] scale codes (UE8M0 or E4M3 bytes) into tiles.
 *
 * @param out 512 * ceil(rows / 128) * ceil(columns / 4) bytes, sharing no memory with `scales`; by default a new array.
 * @throws {LengthError} if an array does not fit the shape; {@link ArgumentError} for a bad shape.
 */
export function packScaleTiles<Out extends Uint8Array | undefined = undefined>(
  scales: Uint8Array,
  shape: readonly [number, number],
  out?: Out,
): Written<Out, Uint8Array<ArrayBuffer>> {
  checkShape('packScaleTiles', shape)
  checkArray('packScaleTiles', 'scales', scales, 'Uint8Array')
  checkLength('packScaleTiles', 'scales', shape[0] * shape[1], scales.length)
  const tiles: Uint8Array = out ?? new Uint8Array(tiledLength(shape))
  checkArray('packScaleTiles', 'out', tiles, 'Uint8Array')
  checkLength('packScaleTiles', 'out', tiledLength(shape), tiles.length)
  tiles.fill(0)
  const columns = shape[1]
  for (let row = 0, i = 0; i < scales.length; row++) {
    const start = rowStart(row, columns)
    for (let c = 0; c < columns; c++) tiles[start + (c >> 2) * tileBytes + (c & 3)] = scales[i++]!
  }
  return tiles as Written<Out, Uint8Array<ArrayBuffer>>
}

/**
 * The inverse of {@link packScaleTiles}: row-major [rows, columns] codes. What fills the last tiles is not looked at.
 *
 * @throws {LengthError} if an array does not fit the shape; {@link ArgumentError} for a bad shape.
 */
export function unpackScaleTiles<Out extends Uint8Array | undefined = undefined>(
  tiles: Uint8Array,
  shape: readonly [number, number],
  out?: Out,
): Written<Out, Uint8Array<ArrayBuffer>> {
  checkShape('unpackScaleTiles', shape)
  checkArray('unpackScaleTiles', 'tiles', tiles, 'Uint8Array')
  checkLength('unpackScaleTiles', 'tiles', tiledLength(shape), tiles.length)
  const scales: Uint8Array = out ?? new Uint8Array(shape[0] * shape[1])
  checkArray('unpackScaleTiles', 'out', scales, 'Uint8Array')
  checkLength('unpackScaleTiles', 'out', shape[0] * shape[1], scales.length)
  const columns = shape[1]
  for (let row = 0, i = 0; i < scales.length; row++) {
    const start = rowStart(row, columns)
    for (let c = 0; c < columns; c++) scales[i++] = tiles[start + (c >> 2) * tileBytes + (c & 3)]!
  }
  return scales as Written<Out, Uint8Array<ArrayBuffer>>
}

/** Where column 0 of a row lies. */
function rowStart(row: number, columns: number): number {
  const tile = Math.floor(row / tileRows) * Math.ceil(columns / tileColumns)
  return tile * tileBytes + (row % 32) * 16 + (Math.floor(row / 32) % 4) * 4
}

function tiledLength([rows, columns]: readonly [number, number]): number {
  return Math.ceil(rows / tileRows) * Math.ceil(columns / tileColumns) * tileBytes
}
