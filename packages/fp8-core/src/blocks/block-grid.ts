/** How a matrix falls into blocks. Row-major; blocks at the right and bottom edges may be partial. */
import { largestMagnitude } from '../bulk/largest-magnitude.ts'
import { checkShape } from '../checks/check-shape.ts'
import type { BlockRecipe } from './recipes.ts'

/** `[rows, columns]` of the grid, and the block, no larger than the matrix. */
export interface BlockGrid {
  readonly rows: number
  readonly columns: number
  readonly block: readonly [number, number]
}

/** @throws {ArgumentError} unless `shape` is two counts. */
export function blockGrid(op: string, shape: readonly [number, number], recipe: BlockRecipe): BlockGrid {
  checkShape(op, shape)
  const height = Math.min(recipe.block[0], Math.max(shape[0], 1))
  const width = Math.min(recipe.block[1], Math.max(shape[1], 1))
  return { rows: Math.ceil(shape[0] / height), columns: Math.ceil(shape[1] / width), block: [height, width] }
}

type Visit = (index: number, top: number, bottom: number, left: number, right: number) => void

/** Calls `visit` for each block, row by row of the grid, with rows `top .. bottom - 1` and columns `left .. right - 1`. */
export function forEachBlock(shape: readonly [number, number], { block }: BlockGrid, visit: Visit): void {
  const [rows, columns] = shape
  const [height, width] = block
  // Without this a shape of 0 columns and 2^53 rows, which fits an empty array, would never end.
  if (columns === 0) return
  let index = 0
  for (let top = 0; top < rows; top += height) {
    const bottom = Math.min(top + height, rows)
    for (let left = 0; left < columns; left += width) {
      visit(index++, top, bottom, left, Math.min(left + width, columns))
    }
  }
}

/** The largest magnitude of each block into `out`; at least `floor`. NaN and infinities come out as NaN or Infinity. */
export function blockMaxima(
  values: Float32Array,
  shape: readonly [number, number],
  grid: BlockGrid,
  floor: number,
  out: Float32Array,
): void {
  const columns = shape[1]
  const bits = new Int32Array(values.buffer, values.byteOffset, values.length)
  const least = new Int32Array(new Float32Array([floor]).buffer)[0]!
  const maxima = new Int32Array(out.buffer, out.byteOffset, out.length)
  forEachBlock(shape, grid, (index, top, bottom, left, right) => {
    let largest = least
    for (let r = top; r < bottom; r++) {
      largest = Math.max(largest, largestMagnitude(bits, r * columns + left, r * columns + right))
    }
    maxima[index] = largest
  })
}
