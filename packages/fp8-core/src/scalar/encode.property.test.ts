/**
 * What holds for every format, rule and number: order, nearness, direction, symmetry, idempotence. Independent of the
 * golden data and of how `encode` finds its neighbours: here they are found by looking at all values.
 *
 * Mutations seen red: `nearest` that truncates, everywhere and above 1; `up` away from zero for negative numbers;
 * `to-odd` as to-even and as away from zero; the least values flushed; a ladder with gaps.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formats } from '../formats/formats.ts'
import type { NumberFormat } from '../formats/number-format.ts'
import { p3109 } from '../formats/p3109.ts'
import { decode, values } from './decode.ts'
import { encode, encoder } from './encode.ts'
import type { Rounding } from './rounding.ts'

const tested = [
  ...Object.values(formats),
  p3109({ bits: 8, precision: 3 }),
  p3109({ bits: 8, precision: 1 }),
  p3109({ bits: 6, precision: 6, signed: false, extended: false }),
]
const nearest = ['nearest', 'nearest-even', 'nearest-away'] as const
const directed = ['toward-zero', 'up', 'down', 'to-odd'] as const
/** The random bits are all taken as 0.3: then this, too, is a function. */
const random = () => 0.3
const rulesOf = (row: NumberFormat): Rounding[] => [
  ...nearest,
  ...directed,
  'stochastic',
  ...(row.layout === 'tapered' ? (['hybrid'] as const) : []),
]

/** Finite numbers over the format's range and four binades beyond either end, not all of float64's. */
function inRange(row: NumberFormat): fc.Arbitrary<number> {
  const lowest = Math.floor(Math.log2(row.minSubnormal ?? row.minNormal)) - 4
  const highest = Math.ceil(Math.log2(row.max)) + 4
  const significand = fc.oneof(
    fc.double({ min: 1, max: 2, noNaN: true }),
    fc.integer({ min: 32, max: 64 }).map((n) => n / 32),
  )
  const magnitude = fc
    .tuple(significand, fc.integer({ min: lowest, max: highest }))
    .map(([m, e]) => m * 2 ** e)
  const signed = fc.tuple(magnitude, fc.boolean()).map(([x, negative]) => (negative ? -x : x))
  return row.signBits === 0 ? magnitude : fc.oneof(signed, fc.constantFrom(0, -0))
}

describe.each(tested)('$name', (row) => {
  const finite = values(row).filter(Number.isFinite).sort()
  const rules = Object.fromEntries(
    rulesOf(row).map((rounding) => [rounding, encoder(row, { rounding, overflow: 'saturate', random })]),
  ) as Record<Rounding, (x: number) => number>
  const through = (x: number, rounding: Rounding) => decode(rules[rounding](x), row)
  /** The values at or next to x; at the ends of the range the same one twice. */
  const around = (x: number): [number, number] => {
    const above = firstAtLeast(finite, x)
    const upper = finite[Math.min(above, finite.length - 1)]!
    const lower = finite[above]! === x ? x : finite[Math.max(above - 1, 0)]!
    return x > row.max ? [row.max, row.max] : [lower, upper]
  }

  it('every rule takes a number to one of its two neighbours, so that no error is a whole step', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        for (const rounding of rulesOf(row)) {
          // Hybrid rounding reads a float32, whose neighbours they may not be.
          const read = rounding === 'hybrid' ? Math.fround(x) : x
          expect(around(read)).toContain(through(x, rounding) + 0)
        }
      }),
    )
  })

  it('nearest: no value of the format is nearer', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        const [lower, upper] = around(x)
        const smallest = Math.min(Math.abs(x - lower), Math.abs(x - upper))
        for (const rounding of nearest) expect(Math.abs(x - through(x, rounding))).toBe(smallest)
      }),
    )
  })

  it('directed: the neighbour on the side of the rule', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        const [lower, upper] = around(x)
        // toBe tells 0 from -0; which of them it is has its own tests.
        expect(through(x, 'up') + 0).toBe(upper + 0)
        expect(through(x, 'down') + 0).toBe(lower + 0)
        expect(through(x, 'toward-zero') + 0).toBe((x < 0 ? upper : lower) + 0)
        // Of two neighbours one has the odd code, which `to-odd` takes; an end of the range stands alone.
        if (lower < x && x < upper) expect(rules['to-odd'](x) % 2).toBe(1)
      }),
    )
  })

  it('keeps order by every rule', () => {
    fc.assert(
      fc.property(inRange(row), inRange(row), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)]
        // Hybrid rounding is pseudo-random within a step, and keeps no order there.
        for (const rounding of rulesOf(row).filter((rule) => rule !== 'hybrid')) {
          expect(through(low, rounding)).toBeLessThanOrEqual(through(high, rounding))
        }
      }),
    )
  })

  it('rounds what it has rounded to itself', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        for (const rounding of rulesOf(row)) {
          const code = rules[rounding](x)
          expect(rules[rounding](decode(code, row))).toBe(code)
        }
      }),
    )
  })

  it('is, with overflow as the format, the same up to the largest value', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        if (Math.abs(x) > row.max) return
        expect(encode(x, row, { overflow: 'format' })).toBe(encode(x, row, { overflow: 'saturate' }))
      }),
    )
  })
})

describe.each(tested.filter((row) => row.negatives === 'sign-magnitude'))('$name', (row) => {
  it('mirrors at zero: up becomes down, the others stay', () => {
    const mirror = (code: number) =>
      row.zero === 'unsigned' && code === 0 ? 0 : code ^ (2 ** (row.bits - 1))
    fc.assert(
      fc.property(inRange(row), (x) => {
        const [plus, minus] = x < 0 || Object.is(x, -0) ? [-x, x] : [x, -x]
        for (const rounding of rulesOf(row)) {
          const opposite = rounding === 'up' ? 'down' : rounding === 'down' ? 'up' : rounding
          const options = { overflow: 'saturate', random } as const
          const code = encode(plus, row, { ...options, rounding })
          expect(encode(minus, row, { ...options, rounding: opposite })).toBe(mirror(code))
        }
      }),
    )
  })
})

/** Index of the first of ascending numbers that is at least `x`; the length if there is none. */
function firstAtLeast(ascending: Float64Array, x: number): number {
  let [low, high] = [0, ascending.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (ascending[middle]! >= x) high = middle
    else low = middle + 1
  }
  return low
}
