/**
 * Every rounding rule at and beside every rounding boundary of every format: each value, each midpoint, the float32
 * next to them, and midpoints * (1 +- 2^-45) as float64. The reference is exact integer arithmetic on the values
 * (tooling/fixtures/fp8-core/oracle.py); the peers are compared with it there, each under the rules that it has, and the
 * tests here say which agree and where the others do not.
 *
 * Mutations seen red: ties up and down; nearest-away with ties to zero and to even; truncation; `up` and `down`
 * swapped; toward-zero as down; to-odd as to-even and as away from zero; to-odd that overflows; a directed rounding
 * that overflows; overflow right above the largest value instead of half a step beyond; rounding through float32;
 * E8M0's ties by the code; a saturated -2 of INT8 as -127/64; the sign of zero dropped; NaN of an overflow without its
 * sign.
 */
import { describe, expect, it } from 'vitest'
import { encodeArray } from '../bulk/arrays.ts'
import { formatInfo } from '../formats/format-info.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { firstDifferences, golden, inflated, sha256 } from '../golden-file.ts'
import { values } from './decode.ts'
import { encoder } from './encode.ts'
import type { Overflow, Rounding } from './rounding.ts'

const plain = ['nearest-even', 'nearest-away', 'toward-zero', 'up', 'down', 'to-odd'] as const
const rules = plain.flatMap((rounding) =>
  (['saturate', 'format'] as const).map((overflow) => ({ rounding, overflow })),
)

interface Boundaries<Difference> {
  /** The numbers after the largest value, if the format went on: overflow is measured against them. */
  readonly beyond: readonly number[]
  readonly inputsSha256: string
  /** In the order of `rules`. */
  readonly codes?: string
  readonly codesSha256?: string
  readonly agree: readonly string[]
  readonly differ: Readonly<Record<string, Difference>>
}
type Indexed = readonly (readonly [index: number, code: number])[]

const from32 = golden<Record<string, Boundaries<Indexed>>>('float32-boundaries.json')
const from64 = golden<Record<string, Boundaries<number>>>('float64-boundaries.json')

describe.each(Object.keys(from32))('%s', (name) => {
  const row = formatInfo(name)
  it.each([
    ['float32 around every boundary', float32Neighbours, from32[name]!],
    ['float64 2^-45 beside every midpoint', float64Neighbours, from64[name]!],
  ] as const)('rounds %s by every rule as exact arithmetic does', (_, neighbours, data) => {
    const inputs = neighbours(row, data.beyond)
    expect(sha256(inputs)).toBe(data.inputsSha256)
    const all = rules.map((rule) => codesOf(inputs, row, rule))
    if (data.codesSha256 !== undefined) expect(sha256(joined(all))).toBe(data.codesSha256)
    else {
      const expected = inflated(data.codes!)
      for (const [i, rule] of rules.entries()) {
        const part = expected.subarray(i * inputs.length, (i + 1) * inputs.length)
        expect({ rule, wrong: firstDifferences(all[i]!, part) }).toEqual({ rule, wrong: [] })
      }
    }
  })
})

describe('peers at float32 boundaries', () => {
  it('are compared under every rule they have', () => {
    const { agree, differ } = from32.e4m3!
    const gfloat = plain.slice(0, 5).flatMap((rule) => [`gfloat ${rule} saturate`, `gfloat ${rule} format`])
    const onnx = ['onnx nearest-even saturate', 'onnx nearest-even format']
    // torch 2.13 saturates E4M3; before 2.13 it made NaN of what overflows (pytorch#177870).
    expect(agree).toEqual([
      'ml_dtypes nearest-even format',
      'torch nearest-even saturate',
      ...onnx,
      ...gfloat,
    ])
    expect(differ).toEqual({})
    expect(from32.e5m2!.agree).toContain('torch nearest-even format')
    expect(from32.hif8!.agree).toEqual(['en_dtypes nearest-away format'])
    expect(from32.p3109_k8p4se!.agree).toEqual(gfloat)
    // gfloat refuses what overflows where there is neither infinity nor NaN.
    expect(from32.mxint8!.agree).toEqual(gfloat.filter((rule) => rule.endsWith('saturate')))
  })

  it('differ from exact arithmetic nowhere but in E8M0', () => {
    const differing = Object.entries(from32).filter(([, { differ }]) => Object.keys(differ).length > 0)
    expect(differing.map(([name]) => name)).toEqual(['e8m0'])
  })

  it('take for E8M0, beside choices, the wrong neighbour just above 2^-127, and ONNX `up` 2^-127 itself', () => {
    const inputs = float32Neighbours(formatInfo('e8m0'), from32.e8m0!.beyond)
    // What is below 2^-127, and what is not positive or not finite, is no question of rounding: e8m0.test.ts.
    const wrong = (peer: string) =>
      from32
        .e8m0!.differ[peer]!.map(([i, code]) => [inputs[i]!, code] as const)
        .filter(([x]) => x >= 2 ** -127 && x < Infinity)
        .map(([x, code]) => [x / 2 ** -127, code])
    const ulp = 2 ** -22
    const halfway = [
      [1 + ulp, 1],
      [1.5 - ulp, 1],
    ]
    expect(wrong('ml_dtypes nearest-even format')).toEqual(halfway)
    expect(wrong('torch nearest-even format')).toEqual(halfway)
    expect(wrong('onnx nearest-even format')).toEqual(halfway)
    expect(wrong('onnx up format')).toEqual([[1, 1]])
    expect(wrong('onnx down format')).toEqual([])
    expect(wrong('onnx up saturate')).toEqual([[1, 1]])
  })
})

describe('peers at float64 boundaries', () => {
  it('gfloat reads float64 as we do', () => {
    for (const { differ } of Object.values(from64)) {
      expect(Object.keys(differ).filter((peer) => peer.startsWith('gfloat'))).toEqual([])
    }
  })

  it('ml_dtypes, torch, ONNX and en_dtypes narrow to float32 first and get one side of each midpoint wrong', () => {
    for (const [name, { beyond, differ }] of Object.entries(from64)) {
      const row = formatInfo(name)
      const finite = magnitudes(row)
      // Midpoints, the one on the way to overflow included, of both signs.
      const midpoints = (finite.length - 1 + beyond.length) * (row.signBits === 0 ? 1 : 2)
      for (const [peer, wrong] of Object.entries(differ)) {
        // E8M0 between 2^-127 and 2^-126 has both sides up (nearest), or 2^-127 and -1 as above (up, down).
        if (name === 'e8m0')
          expect(wrong).toBe(peer.includes('nearest') ? 256 - (peer.endsWith('saturate') ? 1 : 0) : 1)
        else if (name === 'hif8') expect(wrong).toBe(midpoints)
        else {
          // Where both sides of the last midpoint saturate, there is nothing to get wrong.
          const bothSaturate = peer.endsWith('saturate') || row.nanCode === undefined
          expect({ name, peer, wrong }).toEqual({ name, peer, wrong: midpoints - (bothSaturate ? 2 : 0) })
        }
      }
    }
  })
})

interface SixteenBit {
  readonly inputsSha256: string
  readonly codesSha256: string
  readonly float64Sha256: string
  readonly float64CodesSha256: Readonly<Record<(typeof plain)[number], string>>
}
const sixteen = golden<Record<string, SixteenBit>>('sixteen-bit-boundaries.json')

describe.each(['f16', 'bf16'])('%s', (name) => {
  const row = formatInfo(name)
  const data = sixteen[name]!
  const { maxCode } = row
  const positive = values(row).subarray(0, maxCode + 1)
  const beyond = 2 * positive[maxCode]! - positive[maxCode - 1]!

  it('rounds float32 at and beside the midpoint of every two neighbours as ml_dtypes and torch do', () => {
    const inputs = midpoints(positive, beyond)
    expect(sha256(inputs)).toBe(data.inputsSha256)
    expect(sha256(encodeArray(inputs, name))).toBe(data.codesSha256)
  })

  it.each(plain)('rounds float64 2^-45 beside every midpoint %s as exact arithmetic does', (rounding) => {
    const inputs = float64Neighbours(row, [beyond])
    expect(sha256(inputs)).toBe(data.float64Sha256)
    const codes = codesOf(inputs, row, { rounding, overflow: 'format' })
    expect(sha256(codes)).toBe(data.float64CodesSha256[rounding])
  })
})

/** By the scalar path; the bulk conversion is compared with that elsewhere. */
function codesOf(
  inputs: Float32Array | Float64Array,
  row: NumberFormat,
  rule: { rounding: Rounding; overflow: Overflow },
): Uint8Array<ArrayBuffer> | Uint16Array<ArrayBuffer> {
  const encodeOne = encoder(row, rule)
  const codes = row.bits > 8 ? new Uint16Array(inputs.length) : new Uint8Array(inputs.length)
  for (let i = 0; i < inputs.length; i++) codes[i] = encodeOne(inputs[i]!)
  return codes
}

function joined(arrays: readonly (Uint8Array | Uint16Array)[]): Uint8Array | Uint16Array {
  const all = arrays.flatMap((array) => [...array])
  return arrays[0] instanceof Uint16Array ? Uint16Array.from(all) : Uint8Array.from(all)
}

/** All magnitudes in ascending order, those of negative values, too: -2 of INT8. */
function magnitudes(row: NumberFormat): number[] {
  const finite = Array.from(values(row), Math.abs).filter(Number.isFinite)
  return [...new Set(finite)].sort((a, b) => a - b)
}

function withBeyond(row: NumberFormat, beyond: readonly number[]): number[] {
  return [...new Set([...magnitudes(row), ...beyond])]
}

/** Each value and midpoint with the float32 below and above; the ends of float32. Then the negative ones. */
function float32Neighbours(row: NumberFormat, beyond: readonly number[]): Float32Array<ArrayBuffer> {
  const ladder = withBeyond(row, beyond)
  const points = [...ladder, ...ladder.slice(1).map((value, i) => (value + ladder[i]!) / 2)]
  const exact = Float32Array.from(points.filter((point) => point < 2 ** 128))
  const bits = new Set([0, 1, 0x7f7fffff, 0x7f800000])
  for (const at of new Uint32Array(exact.buffer)) for (const near of [at - 1, at, at + 1]) bits.add(near)
  bits.delete(-1)
  const ascending = Uint32Array.from(bits).sort()
  return Float32Array.from(signed(row, [...new Float32Array(ascending.buffer)]))
}

function float64Neighbours(row: NumberFormat, beyond: readonly number[]): Float64Array<ArrayBuffer> {
  const ladder = withBeyond(row, beyond)
  const middle = ladder.slice(1).map((value, i) => (value + ladder[i]!) / 2)
  const beside = [1 - 2 ** -45, 1 + 2 ** -45].flatMap((factor) => middle.map((point) => point * factor))
  return Float64Array.from(signed(row, beside))
}

/** Negative numbers are all alike for an unsigned format. */
function signed(row: NumberFormat, positive: readonly number[]): number[] {
  return [...positive, ...(row.signBits === 0 ? [-0, -1, -Infinity] : positive.map((value) => -value))]
}

/** `[value, midpoint - 1 ulp, midpoint, midpoint + 1 ulp]` of neighbours, then all negated: as boundaries.py makes them. */
function midpoints(ascending: Float64Array, beyond: number): Float32Array<ArrayBuffer> {
  const inputs = new Float32Array(8 * ascending.length)
  const bits = new Uint32Array(inputs.buffer)
  for (const [i, value] of ascending.entries()) {
    inputs[4 * i] = value
    inputs[4 * i + 2] = (value + (ascending[i + 1] ?? beyond)) / 2
    bits[4 * i + 1] = bits[4 * i + 2]! - 1
    bits[4 * i + 3] = bits[4 * i + 2]! + 1
  }
  for (let i = 0; i < 4 * ascending.length; i++) inputs[4 * ascending.length + i] = -inputs[i]!
  return inputs
}
