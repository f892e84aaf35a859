import { formats } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { orderedValues } from './ordered-values.ts'
import { type Axis, createScale, type ScaleKind } from './scale.ts'

const kinds = ['linear', 'logarithmic'] as const satisfies readonly ScaleKind[]
const axis = { low: -8, high: 8, smallest: 0.5, left: 10, right: 110 }

test.each(kinds)('%s: the ends stand at the ends, and what is outside beyond them', (kind) => {
  const place = createScale({ ...axis, kind })
  expect(place(-8)).toEqual({ x: 10, beyond: undefined })
  expect(place(0)).toEqual({ x: 60, beyond: undefined })
  expect(place(8)).toEqual({ x: 110, beyond: undefined })
  expect(place(-Infinity)).toEqual({ x: 10, beyond: 'left' })
  expect(place(8.5)).toEqual({ x: 110, beyond: 'right' })
})

test('logarithmic: doubling is a step of the same length, and so is the way from the smallest value to zero', () => {
  const place = createScale({ ...axis, kind: 'logarithmic' })
  const steps = [0, 0.5, 1, 2, 4, 8].map((value) => place(value).x)
  for (let i = 1; i < steps.length; i++) expect(steps[i]! - steps[i - 1]!).toBeCloseTo(10, 10)
  expect(place(-2).x - 60).toBeCloseTo(60 - place(2).x, 10)
})

const cases = Object.values(formats).flatMap((format) =>
  kinds.map((kind) => ({ format, kind, name: format.name })),
)

test.each(cases)('$kind, $name: the whole format stands in order between the ends', ({ format, kind }) => {
  const { values, firstFinite, lastFinite } = orderedValues(format)
  const finite = values.subarray(firstFinite, lastFinite + 1)
  const place = createScale(wholeAxis(kind, finite, format.minSubnormal ?? format.minNormal))
  const xs = Array.from(finite, (value) => place(value).x)
  expect([xs[0], xs.at(-1)]).toEqual([0, 600])
  // Not "rises": linear places of tiny numbers are equal in float64.
  expect(xs.findIndex((x, i) => !(i === 0 || x >= xs[i - 1]!))).toBe(-1)
})

function wholeAxis(kind: ScaleKind, finite: Float64Array, smallest: number): Axis {
  return { kind, low: finite[0]!, high: finite.at(-1)!, smallest, left: 0, right: 600 }
}

test('every number has a finite place', () => {
  const number = fc.double({ noNaN: true })
  fc.assert(
    fc.property(number, number, number, fc.constantFrom(...kinds), (a, b, value, kind) => {
      fc.pre(Number.isFinite(a) && Number.isFinite(b))
      const place = createScale({
        kind,
        low: Math.min(a, b),
        high: Math.max(a, b),
        smallest: 2 ** -133,
        left: 0,
        right: 600,
      })
      const { x } = place(value)
      expect(x >= 0 && x <= 600).toBe(true)
    }),
  )
})
