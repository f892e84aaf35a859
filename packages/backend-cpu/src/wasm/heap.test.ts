import { ArgumentError, OutOfMemoryError } from '@octoscale/tensor'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Heap } from './heap.ts'

const PAGE = 65536
const heapOf = (maximum: number) => new Heap(new WebAssembly.Memory({ initial: 1, maximum }), 100)

describe('heap', () => {
  test('buffers are zero and disjoint whatever was written before', () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.boolean()), { maxLength: 40 })
    fc.assert(
      fc.property(sizes, (plan) => {
        const heap = heapOf(64)
        const live = new Map<ReturnType<Heap['alloc']>, number>()
        plan.forEach(([bytes, keep], i) => {
          const buffer = heap.alloc(bytes, `${i}`)
          const start = heap.addressOf('test', buffer)
          const own = heap.u8.subarray(start, start + bytes)
          expect(start).toBeGreaterThanOrEqual(112)
          expect(own.every((byte) => byte === 0)).toBe(true)
          own.fill(i + 1)
          if (keep) live.set(buffer, i + 1)
          else heap.free(buffer)
        })
        for (const [buffer, value] of live) {
          const start = heap.addressOf('test', buffer)
          expect(heap.u8.subarray(start, start + buffer.bytes).every((byte) => byte === value)).toBe(true)
          heap.free(buffer)
        }
        expect(heap.usedBytes).toBe(0)
        expect(heap.buffers).toBe(0)
      }),
      { numRuns: 50 },
    )
  })

  test('memory that cannot grow is an OutOfMemoryError, and what fits still does', () => {
    const heap = heapOf(4)
    expect(() => heap.alloc(4 * PAGE, 'too much')).toThrow(OutOfMemoryError)
    expect(() => heap.alloc(2 ** 33, 'beyond 32 bits')).toThrow(OutOfMemoryError)
    expect(() => heap.alloc(Number.MAX_SAFE_INTEGER, 'absurd')).toThrow(/cannot grow/)
    // The generous growth of 1 MiB is refused, the growth that is needed is not.
    const buffer = heap.alloc(3 * PAGE, 'fits')
    expect(heap.memoryBytes).toBeLessThanOrEqual(4 * PAGE)
    heap.free(buffer)
    expect(heap.alloc(3 * PAGE, 'again')).toMatchObject({ bytes: 3 * PAGE })
  })

  // Mutation seen red: SLACK = 0.
  test('a vector beyond the last buffer is still memory: kernels may read it', () => {
    const heap = heapOf(1)
    let end = 0
    const fill = () => {
      for (;;) end = heap.addressOf('test', heap.alloc(16, 'piece')) + 16
    }
    expect(fill).toThrow(OutOfMemoryError)
    expect(end).toBe(PAGE - 16)
  })

  test('freed and foreign buffers are refused', () => {
    const [heap, other] = [heapOf(2), heapOf(2)]
    const buffer = heap.alloc(8, 'mine')
    expect(() => other.addressOf('read', buffer)).toThrow(ArgumentError)
    heap.free(buffer)
    expect(() => heap.addressOf('read', buffer)).toThrow(/mine.*live buffer/)
    expect(() => heap.free(buffer)).toThrow(ArgumentError)
    expect(() => heap.addressOf('read', { bytes: 8, label: 'forged' })).toThrow(ArgumentError)
  })

  test('scratch is kept while it suffices and does not leak when it grows', () => {
    const heap = heapOf(64)
    const first = heap.scratch('panel', 1000)
    expect(heap.scratch('panel', 500)).toBe(first)
    expect(heap.scratch('other', 500)).not.toBe(first)
    const before = heap.usedBytes
    for (let bytes = 1000; bytes < 100_000; bytes += 1000) heap.scratch('panel', bytes)
    expect(heap.usedBytes - before).toBeLessThan(100_000)
    heap.scratch('panel', 1)
    expect(heap.buffers).toBe(0)
  })
})
