/** Values at the edges of what caches store. */

/**
 * One list for a token, so that each is a group of its own in E4M3: the scale follows from its largest magnitude.
 * Halves of a unit in the last place are ties: to the even neighbour, once down and once up.
 */
const lists: readonly (readonly number[])[] = [
  // E4M3 with scale 1: ties of normal and subnormal codes; with scale 2, because of 449.
  [448, 17, 19, -17, 1.0625, 1.1875, 2 ** -10, 3 * 2 ** -10, -(2 ** -9), 440, 0, -0],
  [449, 34, -38, 2.125, 2.375, 2 ** -9, 3 * 2 ** -9, 447, 0, -0, 5, -6],
  // bf16 and f16: ties, and just beyond one.
  [
    1 + 2 ** -8,
    1 + 3 * 2 ** -8,
    -1 - 2 ** -8 - 2 ** -20,
    1 + 2 ** -11,
    1 + 3 * 2 ** -11,
    1 + 2 ** -11 + 2 ** -23,
  ],
  // f16: the largest, what rounds to it, what would round to infinity; subnormals and half of the least one.
  [65504, 65519, 65520, -65536, 1e6, -1e30],
  [2 ** -24, 2 ** -25, 3 * 2 ** -25, -(2 ** -14) + 2 ** -26, 5e-8, -6e-6, 1e-20],
  // Below the least amax that E4M3's scale counts, 1e-4.
  [1e-5, -2e-6, 1e-10, 1e-30],
  // Beyond the largest finite bf16, and the last that rounds to it.
  [3.4e38, -3.395e38, 3.39e38, 1e30],
  [Number.NaN, 1, -2, 3],
  [Infinity, 1, -Infinity, 5],
]

/** Token t is list t, repeated to `width` values. */
export function specialRows(tokens: number, width: number): Float32Array {
  return Float32Array.from({ length: tokens * width }, (_, i) => {
    const list = lists[Math.floor(i / width) % lists.length]!
    return list[(i % width) % list.length]!
  })
}

/** So many tokens show every list. */
export const specialTokens: number = lists.length
