import fc from 'fast-check'
import { expect, it } from 'vitest'
import { descending, largest } from './descending.ts'

it('gives all indices, largest value first, the lower index first among equals', () => {
  const values = fc.array(fc.oneof(fc.constantFrom(0, 1, 2), fc.float({ noNaN: true })))
  fc.assert(
    fc.property(values, (list) => {
      const sorted = [...list.keys()].sort((a, b) => {
        const [x, y] = [list[a] as number, list[b] as number]
        return x === y ? a - b : y > x ? 1 : -1
      })
      expect([...descending(Float32Array.from(list))]).toEqual(sorted)
      const some = [...list.keys()].filter((i) => i % 3 !== 1)
      const those = sorted.filter((i) => i % 3 !== 1)
      expect([...descending(Float32Array.from(list), some)]).toEqual(those)
      for (const count of [0, 1, 3, list.length, list.length + 2]) {
        expect(largest(Float32Array.from(list), count)).toEqual(sorted.slice(0, count))
      }
    }),
  )
})
