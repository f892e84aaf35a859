/**
 * Tables of the rotary embedding, with YaRN (arXiv 2309.00071, as DeepSeek uses it).
 *
 * Angles are products of two f32 values, rounded to f32, exactly as in DeepSeek's and transformers' code: at
 * position 100000 that rounding is up to 0.004 radian, and it is what the model was trained with.
 */
import type { Llama3RopeConfig, RopeConfig, YarnConfig } from './config/rope.ts'

const f32 = Math.fround

/** YaRN's temperature: `0.1 * mscale * ln(factor) + 1`, 1 when the context is not extended. */
export function yarnMscale(factor: number, mscale: number): number {
  return factor <= 1 ? 1 : 0.1 * mscale * Math.log(factor) + 1
}

/**
 * Angle per position of each pair, `[headDim / 2]`, f32.
 *
 * Plain: `theta ^ (-2i / headDim)`. YaRN divides low frequencies by `factor`, keeps high ones, and goes over
 * linearly between the indices where a pair turns `betaFast` and `betaSlow` times in the original context. Llama 3 does
 * so between numbers of turns, not indices. `divisors` are those of the file if `rope.divisorsInFile`.
 */
export function inverseFrequencies(rope: RopeConfig, headDim: number, divisors?: Float32Array): Float32Array {
  const plain = plainFrequencies(rope.theta, headDim)
  const { llama3, linearFactor } = rope
  if (divisors !== undefined) return plain.map((frequency, i) => frequency / (divisors[i] as number))
  if (linearFactor !== undefined) return plain.map((frequency) => frequency / linearFactor)
  if (llama3 !== undefined) return plain.map((frequency) => llama3Frequency(llama3, frequency))
  if (rope.yarn === undefined) return plain
  const { factor } = rope.yarn
  const [low, high] = correctionRange(rope.yarn, rope.theta, headDim)
  return plain.map((frequency, i) => {
    const ramp = f32(Math.min(Math.max((i - low) / (high - low), 0), 1))
    return f32(f32(frequency / factor) * ramp) + f32(frequency * f32(1 - ramp))
  })
}

/** Every step in f32, as PyTorch does it: at position 163839 one unit in the last place is up to 0.02 radian. */
function plainFrequencies(theta: number, headDim: number): Float32Array {
  return Float32Array.from(
    { length: headDim / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / headDim)),
  )
}

function llama3Frequency(llama3: Llama3RopeConfig, frequency: number): number {
  const { factor, lowRotations, highRotations, originalMaxPositions } = llama3
  const wavelength = f32((2 * Math.PI) / frequency)
  const rotations = f32(originalMaxPositions / wavelength)
  const between = f32(f32(rotations - lowRotations) / f32(highRotations - lowRotations))
  const kept = Math.min(Math.max(between, 0), 1)
  if (kept === 0) return frequency / factor
  return f32(f32(f32(1 - kept) * frequency) / factor) + f32(kept * frequency)
}

/** Pair indices between which YaRN goes over from kept to divided frequencies. */
function correctionRange(yarn: YarnConfig, theta: number, headDim: number): readonly [number, number] {
  const indexOf = (rotations: number): number =>
    (headDim * Math.log(yarn.originalMaxPositions / (rotations * 2 * Math.PI))) / (2 * Math.log(theta))
  const low = Math.max(Math.floor(indexOf(yarn.betaFast)), 0)
  const high = Math.min(Math.ceil(indexOf(yarn.betaSlow)), headDim - 1)
  return [low, low === high ? high + 0.001 : high]
}

/** What cosine and sine are multiplied by: 1, except under YaRN with unequal (or without) mscales. */
export function ropeAttentionFactor(rope: RopeConfig): number {
  if (rope.yarn === undefined) return 1
  const { factor, mscale, mscaleAllDim, attentionFactor } = rope.yarn
  if (attentionFactor !== undefined) return attentionFactor
  return mscale && mscaleAllDim
    ? yarnMscale(factor, mscale) / yarnMscale(factor, mscaleAllDim)
    : yarnMscale(factor, 1)
}

/**
 * What attention scores are multiplied by: `headDim ^ -0.5`, times the squared mscale under YaRN
 * (only if `mscale_all_dim` is given and not zero). `headDim` = nope + rope, 192 in DeepSeek-V3.
 */
export function attentionScale(rope: RopeConfig, headDim: number): number {
  const { yarn } = rope
  const mscale = yarn?.mscaleAllDim ? yarnMscale(yarn.factor, yarn.mscaleAllDim) : 1
  return headDim ** -0.5 * mscale * mscale
}

/** Cosine and sine for the `rope` and `writeLatent` operations, `[positions, headDim / 2, 2]` f32. */
export function ropeTable(
  rope: RopeConfig,
  headDim: number,
  positions: number,
  divisors?: Float32Array,
): Float32Array {
  const frequencies = inverseFrequencies(rope, headDim, divisors)
  const factor = ropeAttentionFactor(rope)
  const table = new Float32Array(positions * headDim)
  let next = 0
  for (let position = 0; position < positions; position++) {
    for (const frequency of frequencies) {
      const angle = Math.fround(position * frequency)
      table[next++] = Math.cos(angle) * factor
      table[next++] = Math.sin(angle) * factor
    }
  }
  return table
}
