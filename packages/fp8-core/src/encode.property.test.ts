/** What holds for every format and every number: order, nearness, direction, symmetry, idempotence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, values } from './decode.ts'
import { encode } from './encode.ts'
import { formats, type NumberFormat, type Rounding } from './formats.ts'

const tested = Object.values(formats).filter((row) => row.bits <= 8)

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

const through = (value: number, row: NumberFormat, rounding: Rounding) =>
  decode(encode(value, row, { rounding, overflow: 'saturate' }), row)

describe.each(tested)('$name', (row) => {
  const finite = values(row).filter(Number.isFinite).sort()

  it('nearest: no value of the format is nearer', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        const smallest = finite.reduce((error, value) => Math.min(error, Math.abs(x - value)), Infinity)
        expect(Math.abs(x - through(x, row, 'nearest'))).toBe(smallest)
      }),
    )
  })

  it('up and down: the values next to x, or the ends of the range', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        const expectedUp = finite.find((value) => value >= x) ?? row.max
        const expectedDown = finite.findLast((value) => value <= x) ?? finite[0]!
        // toBe tells 0 from -0; which of them it is has its own tests.
        expect(through(x, row, 'up') + 0).toBe(expectedUp + 0)
        expect(through(x, row, 'down') + 0).toBe(expectedDown + 0)
      }),
    )
  })

  it('keeps order in every mode', () => {
    fc.assert(
      fc.property(inRange(row), inRange(row), (a, b) => {
        for (const rounding of ['nearest', 'up', 'down'] as const) {
          const [low, high] = [through(Math.min(a, b), row, rounding), through(Math.max(a, b), row, rounding)]
          expect(low).toBeLessThanOrEqual(high)
        }
      }),
    )
  })

  it('rounds what it has rounded to itself', () => {
    fc.assert(
      fc.property(inRange(row), (x) => {
        const code = encode(x, row, { overflow: 'saturate' })
        expect(encode(decode(code, row), row)).toBe(code)
      }),
    )
  })
})

it.each(tested.filter((row) => row.signBits === 1))('$name mirrors at zero', (row) => {
  fc.assert(
    fc.property(inRange(row), (x) => {
      const sign = 2 ** (row.bits - 1)
      expect(encode(-x, row)).toBe(encode(x, row) ^ sign)
      expect(encode(-x, row, { rounding: 'up' })).toBe(encode(x, row, { rounding: 'down' }) ^ sign)
    }),
  )
})
