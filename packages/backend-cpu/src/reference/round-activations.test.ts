import { createRandom } from '@octoscale/tensor/testing'
import { expect, test } from 'vitest'
import { createReferenceBackend } from './backend.ts'
import { roundActivations } from './round-activations.ts'

const backend = createReferenceBackend()
const bytes = (dtype: 'f8_e4m3' | 'f32') =>
  ({ buffer: backend.alloc(4, 'weight'), dtype, shape: [1, 1], offset: 0 }) as const
const weight = { codes: bytes('f8_e4m3'), scales: bytes('f32'), block: [1, 1] } as const

test('groups of 128 end with the token, also where they are partial', () => {
  const random = createRandom(1)
  // So far apart that a group of two tokens would round the smaller one to 0.
  const tokens = [1e6, 1, 1e-3].map((size) => random.normals(150, size))
  const together = Float32Array.from(tokens.flatMap((token) => [...token]))
  const apart = tokens.flatMap((token) => [...roundActivations('fp8', weight, token, 1)])
  expect([...roundActivations('fp8', weight, together, 3)]).toEqual(apart)
  for (const token of tokens) {
    // E4M3 has 3 bits of mantissa; below 2^-6 of the scale it is subnormal, in steps of 2^-9.
    const step = 2 ** -9 * 2 ** Math.ceil(Math.log2(Math.max(...token.map(Math.abs)) / 448))
    roundActivations('fp8', weight, token, 1).forEach((value, i) => {
      expect(Math.abs(value - token[i]!)).toBeLessThanOrEqual(
        Math.max(2 ** -4 * Math.abs(token[i]!), step / 2),
      )
    })
  }
})

test('NaN and infinities spoil their own group, zeros stay', () => {
  const x = new Float32Array(3 * 130).fill(1.5)
  x.fill(0, 130, 260)
  x[3] = Number.NaN
  x[260 + 129] = Infinity
  const rounded = roundActivations('fp8', weight, x, 3)
  expect(rounded.subarray(0, 128).every(Number.isNaN)).toBe(true)
  expect([...rounded.subarray(128, 130)]).toEqual([1.5, 1.5])
  expect(rounded.subarray(130, 260).every((value) => value === 0)).toBe(true)
  expect(rounded.subarray(260, 388).every((value) => value === 1.5)).toBe(true)
  expect([...rounded.subarray(388)]).toEqual([Number.NaN, Number.NaN])
})
