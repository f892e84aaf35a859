/**
 * Stochastic rounding: which way for given random bits, by gfloat's `Stochastic`; that the mean is the number; and what
 * the random source is asked.
 *
 * Mutations seen red: `>` for `>=`; the place cut off instead of rounded; rounded half up; one bit too few; the place
 * taken as the probability of going down; negative numbers rounded up instead of away.
 */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { formatInfo } from '../formats/format-info.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { golden, sha256 } from '../golden-file.ts'
import { decode, values } from './decode.ts'
import { encode, encoder } from './encode.ts'

type Cases = { beyond: number[]; inputsSha256: string; codesSha256: string }
const data = golden<Record<string, Cases>>('stochastic.json')

describe.each(Object.keys(data))('%s', (name) => {
  it('rounds 1,000 numbers with given random bits as gfloat does', () => {
    const row = formatInfo(name)
    const cases = stochasticCases(row, data[name]!.beyond)
    expect(sha256(Float64Array.from(cases, ({ x }) => x))).toBe(data[name]!.inputsSha256)
    const codes = cases.map(({ x, randomBits, drawn }) =>
      encode(x, row, {
        rounding: 'stochastic',
        overflow: 'saturate',
        randomBits,
        random: () => drawn / 2 ** randomBits,
      }),
    )
    const array = row.bits > 8 ? Uint16Array.from(codes) : Uint8Array.from(codes)
    expect(sha256(array)).toBe(data[name]!.codesSha256)
  })
})

describe.each(['e4m3', 'e5m2fnuz', 'e3m4', 'e8m0', 'e2m1', 'mxint8', 'hif8', 'bf16', 'p3109_k8p3se'])(
  '%s',
  (name) => {
    it.each([1, 4, 32])('has the number itself as its mean, with %i random bits', (randomBits) => {
      const row = formatInfo(name)
      const ladder = magnitudes(row)
      const source = lcg(20_261_123)
      const encodeOne = encoder(row, { rounding: 'stochastic', random: source, randomBits })
      const draws = 4000
      for (let k = 0; k < 12; k++) {
        const at = Math.floor((k / 12) * (ladder.length - 1))
        const [lower, upper] = [ladder[at]!, ladder[at + 1]!]
        // A place that the random bits resolve: then the mean is exact, not only to the nearest 2^-n.
        const place = randomBits === 1 ? 0.5 : (1 + ((k * 5) % 15)) / 16
        const sign = row.signBits === 1 && k % 2 === 1 ? -1 : 1
        let sum = 0
        for (let i = 0; i < draws; i++) {
          const rounded = decode(encodeOne(sign * (lower + (upper - lower) * place)), row)
          sum += (rounded * sign - lower) / (upper - lower)
        }
        // Six standard deviations of the mean of that many draws: 2e-9 for a random seed; the seed is fixed.
        const bound = 6 * Math.sqrt((place * (1 - place)) / draws)
        expect(Math.abs(sum / draws - place)).toBeLessThan(bound)
      }
    })
  },
)

it('has no bias at all: the 2^n random numbers together give the place to the nearest 2^-n', () => {
  for (const randomBits of [1, 2, 3, 6]) {
    const all = 2 ** randomBits
    for (let i = 0; i <= 64; i++) {
      let up = 0
      for (let drawn = 0; drawn < all; drawn++) {
        const options = { rounding: 'stochastic', randomBits, random: () => drawn / all } as const
        up += encode(1 + (i / 64) * 0.125, 'e4m3', options) - 0x38
      }
      const exact = (i / 64) * all
      expect(Math.abs(up - exact)).toBeLessThanOrEqual(0.5)
    }
  }
})

it('uses every number of random bits: with n bits the smallest probability is 2^-n', () => {
  for (let randomBits = 1; randomBits <= 32; randomBits++) {
    const options = { rounding: 'stochastic', randomBits, random: () => 1 - 2 ** -32 } as const
    expect(encode(1 + 0.125 * 2 ** -randomBits, 'e4m3', options)).toBe(0x39)
    // A quarter of a step of the random number rounds to none.
    expect(encode(1 + 0.125 * 2 ** (-randomBits - 2), 'e4m3', options)).toBe(0x38)
  }
})

it('asks the source once for a number that it rounds, and never for one that is exact', () => {
  let asked = 0
  const random = () => {
    asked++
    return 0.5
  }
  for (const value of values('e4m3'))
    if (!Number.isNaN(value)) encode(value, 'e4m3', { rounding: 'stochastic', random })
  expect(asked).toBe(0)
  encode(1.01, 'e4m3', { rounding: 'stochastic', random })
  expect(asked).toBe(1)
})

it('takes Math.random by default', () => {
  const codes = new Set(Array.from({ length: 200 }, () => encode(1.0625, 'e4m3', { rounding: 'stochastic' })))
  expect([...codes].sort()).toEqual([0x38, 0x39])
})

it.each([0, 33, 1.5, NaN, '8'])('refuses %o random bits', (randomBits) => {
  const options = { rounding: 'stochastic', randomBits: randomBits as number } as const
  expect(() => encode(1, 'e4m3', options)).toThrow(ArgumentError)
})

it('refuses a random source that is no function', () => {
  const options = { rounding: 'stochastic', random: 0.5 as unknown as () => number } as const
  expect(() => encode(1, 'e4m3', options)).toThrow('encode: random must be a function, got 0.5')
})

function magnitudes(row: NumberFormat): number[] {
  return [...new Set(Array.from(values(row), Math.abs).filter(Number.isFinite))].sort((a, b) => a - b)
}

/** As stochastic.py makes them. */
function stochasticCases(row: NumberFormat, beyond: readonly number[]) {
  const ladder = [...new Set([...magnitudes(row), ...beyond])]
  const widths = [1, 2, 3, 8, 16, 23, 32]
  const hashed = (i: number, factor: number) => Math.imul(i, factor) >>> 0
  return Array.from({ length: 1000 }, (_, i) => {
    const randomBits = widths[i % widths.length]!
    const k = hashed(i + 1, 0x9e3779b1) % (ladder.length - 1)
    const scattered = hashed(i + 1, 0x85ebca6b)
    const upper = (hash: number) => Math.floor(hash / 2 ** (32 - randomBits))
    const place = i % 3 === 0 ? (upper(scattered) + 0.5) / 2 ** randomBits : scattered / 2 ** 32
    const x = ladder[k]! + (ladder[k + 1]! - ladder[k]!) * place
    const drawn = upper(hashed(i + 1, 0xc2b2ae35))
    return { x: row.signBits === 1 && i % 2 === 1 ? -x : x, randomBits, drawn }
  })
}

/** Numbers of [0, 1) by a linear congruence modulo 2^32; its upper bits are the good ones, and the ones used. */
function lcg(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}
