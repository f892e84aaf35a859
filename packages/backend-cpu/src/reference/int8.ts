/**
 * The policy `int8`: in products of `linear` and `moe` each row of a weight and each vector is held as 8-bit integers, in
 * blocks of 128. Every step below is one f32 operation, so that backends come to the same codes.
 */

const BLOCK = 128

/** `code * scale` with code in -127 .. 127 and scale = max |w| / 127; a block of zeros stays one. */
export function roundWeightRow(row: ArrayLike<number>): Float64Array {
  return byBlock(row, (w) => {
    const scale = Math.fround(w.reduce((top, value) => Math.max(top, Math.abs(value)), 0) / 127)
    return Float64Array.from(
      w,
      (value) => scale * roundToEven(Math.fround(value / (scale === 0 ? 1 : scale))),
    )
  })
}

/**
 * `low + code * scale` with code in 0 .. 127, low the least value and scale = (greatest - least) / 127: seven bits, because
 * the fast dot product of 8-bit integers (WebAssembly's relaxed one) takes no more on one side.
 */
export function roundVector(x: ArrayLike<number>): Float64Array {
  return byBlock(x, (values) => {
    const low = Math.min(...values)
    const scale = Math.fround(Math.fround(Math.max(...values) - low) / 127)
    const code = (value: number) =>
      roundToEven(Math.fround(Math.fround(value - low) / (scale === 0 ? 1 : scale)))
    return Float64Array.from(values, (value) => low + scale * Math.min(127, Math.max(0, code(value))))
  })
}

function byBlock(row: ArrayLike<number>, round: (block: Float32Array) => Float64Array): Float64Array {
  const values = Float32Array.from(row)
  const result = new Float64Array(values.length)
  for (let begin = 0; begin < values.length; begin += BLOCK) {
    result.set(round(values.subarray(begin, begin + BLOCK)), begin)
  }
  return result
}

/** The nearest integer, ties to the even one. */
function roundToEven(value: number): number {
  const rounded = Math.round(value)
  return Math.abs(value % 1) === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded
}
