import fc from 'fast-check'
import { expect, it } from 'vitest'
import { descending } from './descending.ts'

it('gives all indices, largest value first, the lower index first among equals', () => {
  const values = fc.array(fc.oneof(fc.constantFrom(0, 1, 2), fc.float({ noNaN: true })))
  fc.assert(
    fc.property(values, (list) => {
      const sorted = [...list.keys()].sort((a, b) => {
        const [x, y] = [list[a] as number, list[b] as number]
        return x === y ? a - b : y > x ? 1 : -1
      })
      expect([...descending(Float32Array.from(list))]).toEqual(sorted)
    }),
  )
})
