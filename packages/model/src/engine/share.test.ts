/** Mutations seen red: the order by need left out; shares not limited by the need. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { share } from './share.ts'

it('gives all there is, to nobody more than needed, and less to nobody than an equal part', () => {
  const needs = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 9 })
  fc.assert(
    fc.property(needs, fc.nat(100), (list, total) => {
      const shares = share(list, total)
      const sum = shares.reduce((a, b) => a + b, 0)
      expect(sum).toBe(
        Math.min(
          total,
          list.reduce((a, b) => a + b, 0),
        ),
      )
      shares.forEach((part, i) => {
        expect(part).toBeLessThanOrEqual(list[i] as number)
        expect(part).toBeGreaterThanOrEqual(Math.min(list[i] as number, Math.floor(total / list.length)))
      })
    }),
  )
})
