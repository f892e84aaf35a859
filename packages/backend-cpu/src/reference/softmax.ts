/** `exp(score[s] - max) / sum_s exp(score[s] - max)`. */
export function softmax(length: number, score: (s: number) => number): Float64Array {
  const values = Float64Array.from({ length }, (_, s) => score(s))
  const max = values.reduce((a, b) => Math.max(a, b), -Infinity)
  let sum = 0
  for (let s = 0; s < length; s++) {
    values[s] = Math.exp(values[s]! - max)
    sum += values[s]!
  }
  return values.map((value) => value / sum)
}
