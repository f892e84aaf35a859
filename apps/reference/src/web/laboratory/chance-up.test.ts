/** Mutations seen red: the place counted from the other neighbour; a chance for numbers of the format. */
import { decode, encode, formats, p3109 } from '@octoscale/fp8-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chanceUp } from './chance-up.ts'

test.each([
  [0.3, 'e4m3', 0.6],
  [-0.3, 'e4m3', 0.4],
  [1.5 / 64, 'mxint8', 0.5],
  [3e-8, 'hif8', 3e-8 / 2 ** -22],
  [0.25, 'e4m3', undefined],
  [449, 'e4m3', undefined],
  [57345, 'e5m2', undefined],
  [-1, 'e8m0', undefined],
  [2 ** -128, 'e8m0', undefined],
  [NaN, 'e4m3', undefined],
  [-Infinity, 'e2m1', undefined],
] as const)('%s in %s: %s', (number, name, chance) => {
  if (chance === undefined) expect(chanceUp(number, formats[name])).toBe(undefined)
  else expect(chanceUp(number, formats[name])).toBeCloseTo(chance, 12)
})

const table = [...Object.values(formats), p3109({ bits: 8, precision: 3, signed: false })]

test.each(table)('$name: it is where the stochastic rounding of fp8-core turns', (format) => {
  const least = format.negatives === 'none' ? format.minNormal : -format.max
  fc.assert(
    fc.property(fc.double({ min: least, max: format.max, noNaN: true }), (number) => {
      const chance = chanceUp(number, format)
      if (chance === undefined || chance < 1e-6 || chance > 1 - 1e-6) return
      // A draw r goes away from zero from 1 - place on, and 32 random bits are as fine as 2^-32.
      const away = number < 0 ? 1 - chance : chance
      const at = (draw: number): number =>
        decode(encode(number, format, { rounding: 'stochastic', random: () => draw }), format)
      const [toZero, fromZero] = [at(1 - away - 1e-9), at(1 - away + 1e-9)]
      expect(number < 0 ? toZero > number && fromZero < number : toZero < number && fromZero > number).toBe(
        true,
      )
    }),
  )
})
