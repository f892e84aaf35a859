/** The working memory of `assembly/attend.ts`. */

/** Positions per step of the streaming softmax: `BLOCK`. */
const BLOCK = 64
/** Of the record `Attend`, in bytes. */
const RECORD = 128

/**
 * Bytes that `beginAttend` lays out for `queries` queries of `width` values: scores, three words for each query, and a block
 * of keys. With `valueWidth` also a block of values, the queries and their results.
 */
export function attendScratch(queries: number, width: number, valueWidth?: number): number {
  const words = 2 * BLOCK + 3 * queries + BLOCK * width
  if (valueWidth === undefined) return RECORD + 4 * words
  return RECORD + 4 * (words + BLOCK * valueWidth + queries * (width + valueWidth))
}
