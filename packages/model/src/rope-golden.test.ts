/**
 * Rotary tables against transformers at chosen positions up to 163839, for YaRN of four models, Llama 3.1 and linear scaling.
 *
 * Mutations seen red: frequencies from f64 powers, YaRN ramp that starts an index later, Llama 3 without a way between kept and
 * divided, linear factor ignored.
 */
import { describe, expect, it } from 'vitest'
import { ConfigFields } from './config/fields.ts'
import { parseRope } from './config/rope.ts'
import { inverseFrequencies, ropeTable } from './rope.ts'
import { decodeFloat32, goldenPath, readJson } from './testing/golden.ts'

interface Golden {
  readonly positions: readonly number[]
  readonly cases: readonly {
    readonly name: string
    readonly dim: number
    readonly rope: Record<string, unknown>
    readonly frequenciesBase64: string
    readonly cosBase64: string
    readonly sinBase64: string
  }[]
}

const { positions, cases } = (await readJson(goldenPath('rope.json'))) as Golden

/** Spacing of f32 at `value`. */
function ulp(value: number): number {
  return 2 ** (Math.floor(Math.log2(Math.abs(value))) - 23)
}

describe.each(cases)('$name', ({ dim, rope: json, ...golden }) => {
  const rope = parseRope(new ConfigFields({ rope_parameters: json }))
  const frequencies = inverseFrequencies(rope, dim)
  const expected = decodeFloat32(golden.frequenciesBase64)

  it('has the frequencies of transformers, but for their rounding', () => {
    expect(frequencies.length).toBe(expected.length)
    const errors = [...frequencies].map((f, i) => Math.abs(f - (expected[i] as number)) / ulp(f))
    expect(Math.max(...errors)).toBeLessThanOrEqual(2)
  })

  it('has the cosines and sines of transformers, as exactly as the frequencies allow', () => {
    const table = ropeTable(rope, dim, 163840)
    const cos = decodeFloat32(golden.cosBase64)
    const sin = decodeFloat32(golden.sinBase64)
    let worst = 0
    positions.forEach((position, p) => {
      frequencies.forEach((frequency, i) => {
        const angle = position * frequency
        // What another rounding of the frequency makes of the angle, the rounding of the angle, that of the cosine.
        const allowed = position * Math.abs(frequency - (expected[i] as number)) + ulp(angle || 1e-30) + 2e-7
        const at = (position * (dim / 2) + i) * 2
        const error = Math.hypot(
          (table[at] as number) - (cos[p * (dim / 2) + i] as number),
          (table[at + 1] as number) - (sin[p * (dim / 2) + i] as number),
        )
        worst = Math.max(worst, error / allowed)
      })
    })
    expect(worst).toBeLessThanOrEqual(1)
    // At position 163839 a frequency that is off by its last place turns up to 0.01 radian too far.
    const largest = Math.max(
      ...positions.flatMap((position, p) =>
        [...frequencies.keys()].map((i) =>
          Math.abs((table[(position * (dim / 2) + i) * 2] as number) - (cos[p * (dim / 2) + i] as number)),
        ),
      ),
    )
    expect(largest).toBeLessThanOrEqual(4e-3)
  })
})
