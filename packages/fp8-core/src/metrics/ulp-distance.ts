/** Distance of two numbers counted in steps of a format ("units in the last place"). */
import { checkPair } from '../checks/check-numbers.ts'
import { ArgumentError } from '../errors.ts'
import { type FormatLike, formatInfo } from '../formats/format-info.ts'
import { perFormat } from '../formats/per-format.ts'
import { values } from '../scalar/decode.ts'

/**
 * Number of steps from `a` to `b` on the line of all values of a format, infinities included: 0 for equal values, -0 and 0
 * too; 1 for neighbours, also max and Infinity. NaN if one of them is NaN.
 *
 * @param format `'f32'`, or any format of the table.
 * @throws {ArgumentError} for a number that is no value of the format (encode it first); {@link UnknownFormatError}.
 */
export function ulpDistance(a: number, b: number, format: FormatLike | 'f32'): number {
  const rank = rankIn(format)
  return Math.abs(
    checkedRank('ulpDistance', 'a', rank, a, format) - checkedRank('ulpDistance', 'b', rank, b, format),
  )
}

/**
 * The greatest {@link ulpDistance} of two arrays' elements; 0 for empty arrays, NaN if there is a NaN in one.
 *
 * @throws {LengthError}, and what `ulpDistance` throws.
 */
export function maxUlpDistance(
  reference: ArrayLike<number>,
  actual: ArrayLike<number>,
  format: FormatLike | 'f32',
): number {
  const op = 'maxUlpDistance'
  checkPair(op, reference, actual)
  const rank = rankIn(format)
  let largest = 0
  for (let i = 0; i < reference.length; i++) {
    const a = checkedRank(op, 'reference', rank, reference[i]!, format)
    const b = checkedRank(op, 'actual', rank, actual[i]!, format)
    largest = Math.max(largest, Math.abs(a - b))
  }
  return largest
}

/** Place of a value on the line; NaN for NaN, `undefined` for what is no value of the format. */
type Rank = (value: number) => number | undefined

function checkedRank(op: string, argument: string, rank: Rank, value: number, format: FormatLike): number {
  const place = rank(value)
  if (place !== undefined) return place
  const name = typeof format === 'string' ? format : format.name
  throw new ArgumentError({
    op,
    argument,
    expected: `a value of ${name}: encode it first`,
    got: String(value),
  })
}

function rankIn(format: FormatLike | 'f32'): Rank {
  if (format === 'f32') return float32Rank
  const line = lineOf(formatInfo(format))
  return (value) => {
    if (Number.isNaN(value)) return NaN
    let [low, high] = [0, line.length - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (line[middle]! < value) low = middle + 1
      else high = middle
    }
    return line[low] === value ? low : undefined
  }
}

const float32 = new Float32Array(1)
const word = new Int32Array(float32.buffer)

/** The bits of positive float32 are in the order of their values. */
function float32Rank(value: number): number | undefined {
  if (Number.isNaN(value)) return NaN
  float32[0] = value
  if (float32[0] !== value) return undefined
  const bits = word[0]!
  return bits < 0 ? -(bits & 0x7fffffff) : bits
}

/** All values of a format but NaN, each once (a set holds 0 and -0 as one), in ascending order. */
const lineOf = perFormat((info) =>
  Float64Array.from(new Set(values(info).filter((value) => !Number.isNaN(value)))).sort(),
)
