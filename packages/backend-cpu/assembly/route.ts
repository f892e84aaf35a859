/** The gate of the experts, after the product with the gate's matrix: see `RouteArgs` of the contract. */
import { thread } from './control'
import { Descriptor, take } from './descriptor'
import { exp, expOne } from './exp'
import { sum } from './vector'

@unmanaged
export class SelectExpertsOp extends Descriptor {
  /** f32 `[tokens, experts]`, overwritten with the scores. */
  logits: usize
  softmax: i32
  /** f32 `[experts]`, or 0: none. */
  bias: usize
  tokens: i32
  experts: i32
  groups: i32
  /** 1: a group's score is its best choice; 0: the sum of its best two. */
  best: i32
  topGroups: i32
  topK: i32
  normalize: i32
  scalingFactor: f32
  /** Scratch of each thread: f32 `[experts + groups]`, and its size. */
  choice: usize
  choiceBytes: usize
  indices: usize
  weights: usize
}

/**
 * Chooses `topK` of `experts` for each token. Taken and excluded experts are marked by NaN in `choice`, so that a score
 * of -Infinity can still be taken; a score that is NaN itself counts as -Infinity.
 */
export function runSelectExperts(d: SelectExpertsOp): void {
  const choice = d.choice + d.choiceBytes * <usize>thread
  for (let t = take(d); t < d.tokens; t = take(d)) {
    const logits = d.logits + <usize>t * <usize>d.experts * 4
    const first = <usize>t * <usize>d.topK * 4
    choose(d, logits, choice, d.indices + first, d.weights + first)
  }
}

/** One token. */
function choose(d: SelectExpertsOp, logits: usize, choice: usize, indices: usize, weights: usize): void {
  const experts = d.experts
  const last = <usize>d.topK * 4
  if (d.softmax) softmaxRow(logits, experts)
  for (let e: usize = 0; e < <usize>experts * 4; e += 4) {
    let score = load<f32>(logits + e)
    if (!d.softmax) {
      score = 1 / (1 + expOne(-score))
      store<f32>(logits + e, score)
    }
    const value = d.bias ? score + load<f32>(d.bias + e) : score
    store<f32>(choice + e, value == value ? value : -Infinity)
  }
  if (d.topGroups < d.groups) keepBestGroups(choice, experts, d.groups, d.best != 0, d.topGroups)
  let total: f32 = 0
  for (let k: usize = 0; k < last; k += 4) {
    const e = takeBest(choice, experts)
    const score = load<f32>(logits + <usize>e * 4)
    store<i32>(indices + k, e)
    store<f32>(weights + k, score)
    total += score
  }
  const factor = d.normalize ? d.scalingFactor / (total + <f32>1e-20) : d.scalingFactor
  for (let k: usize = 0; k < last; k += 4) store<f32>(weights + k, load<f32>(weights + k) * factor)
}

/** `count` values become `e^(value - maximum)` divided by their sum. */
function softmaxRow(values: usize, count: i32): void {
  const end = values + <usize>count * 4
  let top: f32 = -Infinity
  for (let p = values; p < end; p += 4) top = max<f32>(top, load<f32>(p))
  let sums = f32x4.splat(0)
  let p = values
  for (; p + 16 <= end; p += 16) {
    const e = exp(f32x4.sub(v128.load(p), f32x4.splat(top)))
    v128.store(p, e)
    sums = f32x4.add(sums, e)
  }
  let total = sum(sums)
  for (; p < end; p += 4) {
    const e = expOne(load<f32>(p) - top)
    store<f32>(p, e)
    total += e
  }
  for (p = values; p < end; p += 4) store<f32>(p, load<f32>(p) / total)
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
function keepBestGroups(choice: usize, experts: i32, groups: i32, best: bool, topGroups: i32): void {
  const size = experts / groups
  const scores = choice + <usize>experts * 4
  for (let g = 0; g < groups; g++) {
    store<f32>(scores + <usize>g * 4, groupScore(choice + <usize>(g * size) * 4, size, best))
  }
  for (let k = 0; k < topGroups; k++) takeBest(scores, groups)
  for (let g = 0; g < groups; g++) {
    const score = load<f32>(scores + <usize>g * 4)
    if (score != score) continue // taken
    for (let e = g * size; e < (g + 1) * size; e++) store<f32>(choice + <usize>e * 4, NaN)
  }
}

/** The sum of the two largest of `count` values, or the largest; never NaN. */
function groupScore(values: usize, count: i32, best: bool): f32 {
  let first: f32 = -Infinity
  let second: f32 = -Infinity
  for (let i = 0; i < count; i++) {
    const value = load<f32>(values + <usize>i * 4)
    second = max<f32>(second, min<f32>(first, value))
    first = max<f32>(first, value)
  }
  if (best) return first
  const total = first + second
  return total == total ? total : -Infinity
}
