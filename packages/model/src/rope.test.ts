import { describe, expect, it } from 'vitest'
import type { RopeConfig } from './config/rope.ts'
import { attentionScale, inverseFrequencies, ropeAttentionFactor, ropeTable, yarnMscale } from './rope.ts'

const yarn = {
  factor: 40,
  betaFast: 32,
  betaSlow: 1,
  originalMaxPositions: 4096,
  mscale: 1,
  mscaleAllDim: 1,
  attentionFactor: undefined,
}
/** DeepSeek-V3: 64 rotated dimensions. */
const deepseek: RopeConfig = { theta: 10000, yarn }

/** DeepSeek-V2-Lite's value, three digits: not the square root of 1/2. */
const liteMscale = 707 / 1000

describe('inverseFrequencies', () => {
  // Values of DeepSeek-V3 (transformers and DeepSeek's own code agree on them).
  it.each([
    [9, 0.07498942],
    [10, 0.05623413],
    [11, 0.03900693],
    [16, 0.0055],
    [22, 1.77827941e-4],
    [23, 3.3338036e-5],
    [31, 3.3338034e-6],
  ])('pair %i turns by %f per position under YaRN', (i, expected) => {
    const actual = inverseFrequencies(deepseek, 64)[i] as number
    expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-6)
  })

  it('keeps fast pairs and divides slow ones by the factor', () => {
    const plain = inverseFrequencies({ theta: 10000, yarn: undefined }, 64)
    const scaled = inverseFrequencies(deepseek, 64)
    expect(scaled.slice(0, 11)).toEqual(plain.slice(0, 11))
    expect(scaled.slice(23)).toEqual(plain.slice(23).map((frequency) => frequency / 40))
    expect(plain[0]).toBe(1)
    expect(plain[16]).toBe(Math.fround(0.01))
  })
})

describe('scales', () => {
  it('multiplies attention scores by the squared mscale of DeepSeek-V3', () => {
    expect(yarnMscale(40, 1)).toBeCloseTo(1.3688879454, 9)
    expect(attentionScale(deepseek, 192)).toBeCloseTo(0.1352337789, 9)
  })

  it('multiplies attention scores by the squared mscale of DeepSeek-V2-Lite', () => {
    expect(yarnMscale(40, liteMscale)).toBeCloseTo(1.2608037774, 9)
    const lite = { theta: 10000, yarn: { ...yarn, mscale: liteMscale, mscaleAllDim: liteMscale } }
    expect(attentionScale(lite, 192)).toBeCloseTo(0.1147213868, 9)
  })

  it('has no temperature without YaRN or without mscale_all_dim', () => {
    expect(attentionScale({ theta: 10000, yarn: undefined }, 64)).toBe(0.125)
    expect(attentionScale({ theta: 10000, yarn: { ...yarn, mscaleAllDim: 0 } }, 64)).toBe(0.125)
    expect(yarnMscale(1, 1)).toBe(1)
  })

  it('scales cosine and sine by the quotient of the mscales', () => {
    expect(ropeAttentionFactor({ theta: 10000, yarn: undefined })).toBe(1)
    expect(ropeAttentionFactor(deepseek)).toBe(1)
    const factor = (change: Partial<typeof yarn>): number =>
      ropeAttentionFactor({ theta: 10000, yarn: { ...yarn, ...change } })
    expect(factor({ mscale: liteMscale })).toBeCloseTo(1.2608037774 / 1.3688879454, 9)
    expect(factor({ mscaleAllDim: 0 })).toBeCloseTo(1.3688879454, 9)
    expect(ropeAttentionFactor({ theta: 10000, yarn: { ...yarn, attentionFactor: 0.5 } })).toBe(0.5)
  })
})

describe('ropeTable', () => {
  it('is [positions, headDim / 2, 2]: cosine and sine', () => {
    const table = ropeTable({ theta: 100, yarn: undefined }, 4, 3)
    const angles = [0, 0, 1, 0.1, 2, 0.2]
    expect(table).toEqual(
      Float32Array.from(angles.flatMap((a) => [Math.cos(Math.fround(a)), Math.sin(Math.fround(a))])),
    )
  })

  it('rounds angles to f32, as the model saw them in training', () => {
    const position = 100003
    const frequency = inverseFrequencies(deepseek, 64)[3] as number
    const table = ropeTable(deepseek, 64, position + 1)
    const at = (position * 32 + 3) * 2
    expect(table[at]).toBe(Math.fround(Math.cos(Math.fround(position * frequency))))
    expect(table[at]).not.toBe(Math.fround(Math.cos(position * frequency)))
  })
})
