/** DeepSeek-V3's gate, after the product with the gate's matrix: see `RouteArgs` of the contract. */
import { expOne } from './exp'

/**
 * Chooses `topK` of `experts` for each token. `logits`: f32 `[tokens, experts]`, overwritten with the
 * scores. `choice`: scratch, f32 `[experts + groups]`. Taken and excluded experts are marked by NaN in
 * `choice`, so that a score of -Infinity can still be taken; a score that is NaN itself counts as -Infinity.
 */
export function selectExperts(
  logits: usize, bias: usize, tokens: i32, experts: i32, groups: i32, topGroups: i32,
  topK: i32, normalize: bool, scalingFactor: f32, choice: usize, indices: usize, weights: usize,
): void {
  for (let t = 0; t < tokens; t++) {
    for (let e: usize = 0; e < <usize>experts * 4; e += 4) {
      const score: f32 = 1 / (1 + expOne(-load<f32>(logits + e)))
      store<f32>(logits + e, score)
      const value = score + load<f32>(bias + e)
      store<f32>(choice + e, value == value ? value : -Infinity)
    }
    if (topGroups < groups) keepBestGroups(choice, experts, groups, topGroups)
    let total: f32 = 0
    for (let k: usize = 0; k < <usize>topK * 4; k += 4) {
      const e = takeBest(choice, experts)
      const score = load<f32>(logits + <usize>e * 4)
      store<i32>(indices + k, e)
      store<f32>(weights + k, score)
      total += score
    }
    const factor = normalize ? scalingFactor / (total + <f32>1e-20) : scalingFactor
    for (let k: usize = 0; k < <usize>topK * 4; k += 4) store<f32>(weights + k, load<f32>(weights + k) * factor)
    logits += <usize>experts * 4
    indices += <usize>topK * 4
    weights += <usize>topK * 4
  }
}

/** Index of the first largest of `count` values that are not NaN, which becomes NaN. */
function takeBest(values: usize, count: i32): i32 {
  let best = -1
  let bestValue: f32 = 0
  for (let i = 0; i < count; i++) {
    const value = load<f32>(values + <usize>i * 4)
    if (value > bestValue || (best < 0 && value == value)) {
      best = i
      bestValue = value
    }
  }
  store<f32>(values + <usize>best * 4, NaN)
  return best
}

/** Experts of all but the best `topGroups` groups become NaN. */
function keepBestGroups(choice: usize, experts: i32, groups: i32, topGroups: i32): void {
  const size = experts / groups
  const scores = choice + <usize>experts * 4
  for (let g = 0; g < groups; g++) {
    store<f32>(scores + <usize>g * 4, groupScore(choice + <usize>(g * size) * 4, size))
  }
  for (let k = 0; k < topGroups; k++) takeBest(scores, groups)
  for (let g = 0; g < groups; g++) {
    const score = load<f32>(scores + <usize>g * 4)
    if (score != score) continue // taken
    for (let e = g * size; e < (g + 1) * size; e++) store<f32>(choice + <usize>e * 4, NaN)
  }
}

/** The sum of the two largest of `count` values, never NaN. */
function groupScore(values: usize, count: i32): f32 {
  let first: f32 = -Infinity
  let second: f32 = -Infinity
  for (let i = 0; i < count; i++) {
    const value = load<f32>(values + <usize>i * 4)
    second = max<f32>(second, min<f32>(first, value))
    first = max<f32>(first, value)
  }
  const total = first + second
  return total == total ? total : -Infinity
}
