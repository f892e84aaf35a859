import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ALIGNMENT, aligned, FreeList } from './free-list.ts'

const BASE = 1024

/** Either take this many bytes, or (negative) give back one of the pieces held. */
const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: -50, max: -1 })), {
  maxLength: 120,
})

test('pieces are aligned, inside the range, never overlap, and all of it coalesces at the end', () => {
  fc.assert(
    fc.property(steps, (plan) => {
      const list = new FreeList(BASE)
      list.extend(4096)
      const held: { start: number; end: number }[] = []
      for (const step of plan) {
        if (step < 0) {
          const [piece] = held.splice(-step % Math.max(1, held.length), 1)
          if (piece !== undefined) list.give(piece.start, piece.end - piece.start)
        } else {
          const bytes = aligned(step)
          const start = list.take(bytes)
          if (start === undefined) {
            list.extend(bytes)
            continue
          }
          const end = start + bytes
          expect(start % ALIGNMENT).toBe(0)
          expect(start).toBeGreaterThanOrEqual(BASE)
          expect(end).toBeLessThanOrEqual(list.end)
          for (const other of held) expect(end <= other.start || start >= other.end).toBe(true)
          held.push({ start, end })
        }
        const used = held.reduce((sum, piece) => sum + piece.end - piece.start, 0)
        expect(list.freeBytes).toBe(list.end - BASE - used)
      }
      for (const piece of held) list.give(piece.start, piece.end - piece.start)
      // One gap: the whole range can be taken at once.
      expect(list.freeAtEnd).toBe(list.end - BASE)
      expect(list.take(list.end - BASE)).toBe(BASE)
      expect(list.take(ALIGNMENT)).toBeUndefined()
    }),
    { numRuns: 300 },
  )
})

test('the first gap that fits is taken', () => {
  const list = new FreeList(BASE)
  list.extend(160)
  const [a, b, c] = [list.take(32)!, list.take(16)!, list.take(48)!]
  list.give(a, 32)
  list.give(c, 48)
  expect(list.take(48)).toBe(c)
  expect(list.take(16)).toBe(a)
  expect(list.take(16)).toBe(a + 16)
  expect(b).toBe(a + 32)
})
