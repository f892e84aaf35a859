/**
 * Pages and prefix cache against a plain model of them.
 *
 * Mutations seen red: the newest idle page goes first; a page held again stays idle; ids joined without a separator; a known
 * entry not held; idle one holder too late; the limit of a match ignored; a copied page not counted as used; a forgotten
 * page left in its parent; a page free while somebody holds it.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvariantError } from './errors.ts'
import { PagePool } from './pages.ts'
import { type Entry, PrefixCache } from './prefix.ts'

describe('PagePool', () => {
  it('hands every page out once, and again when its last holder lets go', () => {
    const operation = fc.record({ kind: fc.constantFrom('take', 'retain', 'release'), at: fc.nat(20) })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.array(operation, { maxLength: 60 }),
        (count, operations) => {
          const pool = new PagePool(count)
          const held: number[] = []
          for (const { kind, at } of operations) {
            const some = held[at % Math.max(held.length, 1)]
            if (kind === 'take') {
              const page = pool.take()
              expect(page === undefined).toBe(new Set(held).size === count)
              if (page === undefined) continue
              expect(held).not.toContain(page)
              held.push(page)
            } else if (some !== undefined && kind === 'retain') {
              pool.retain(some)
              held.push(some)
            } else if (some !== undefined) {
              pool.release(some)
              held.splice(held.indexOf(some), 1)
            }
            for (let page = 0; page < count; page++) {
              expect(pool.holders(page)).toBe(held.filter((each) => each === page).length)
            }
            expect(pool.free).toBe(count - new Set(held).size)
          }
        },
      ),
    )
  })

  it('refuses to count a page that nobody holds', () => {
    const pool = new PagePool(2)
    expect(() => pool.release(0)).toThrow(InvariantError)
    expect(() => pool.retain(5)).toThrow(InvariantError)
  })
})

/** Puts a whole text into the cache and lets go of it. Returns how many pages there was memory for. */
function store(cache: PrefixCache, text: readonly number[]): number {
  const { pageSize } = cache
  const { pages, entry } = cache.match(text, text.length)
  const held = [...pages]
  let parent: Entry = entry
  for (let at = held.length * pageSize; at < text.length; at += pageSize) {
    const page = cache.take()
    if (page === undefined) break
    parent = cache.add(parent, text.slice(at, at + pageSize), page)
    held.push(parent.page)
  }
  for (const page of held.toReversed()) cache.release(page)
  return held.length
}

describe('PrefixCache', () => {
  const text = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 14 })

  it('finds exactly the longest stored beginning while there is memory for all', () => {
    fc.assert(
      fc.property(
        fc.array(text, { maxLength: 12 }),
        text,
        fc.integer({ min: 1, max: 4 }),
        (texts, query, pageSize) => {
          const cache = new PrefixCache({ pages: 400, pageSize, reuse: true })
          for (const each of texts) store(cache, each)
          const { pages, tail } = cache.match(query, query.length)
          const common = Math.max(
            0,
            ...texts.map((each) => {
              let length = 0
              while (length < each.length && each[length] === query[length] && length < query.length) length++
              return length
            }),
          )
          expect(pages.length * pageSize + (tail?.rows ?? 0)).toBe(common)
          for (const page of pages.toReversed()) cache.release(page)
          expect(cache.available).toBe(400)
        },
      ),
      { numRuns: 300 },
    )
  })

  it('forgets the text unused for longest, its end first, and nothing in use', () => {
    const cache = new PrefixCache({ pages: 4, pageSize: 2, reuse: true })
    store(cache, [1, 2, 3, 4])
    store(cache, [5, 6, 7, 8])
    const inUse = cache.match([1, 2, 3, 4], 4)
    expect(inUse.pages.length).toBe(2)
    expect(cache.available).toBe(2)
    expect(cache.take()).not.toBeUndefined()
    expect(cache.match([5, 6, 7, 8], 4).pages.length).toBe(1)
    expect(cache.take()).toBeUndefined()
  })

  it('counts a page that is copied as used', () => {
    const cache = new PrefixCache({ pages: 3, pageSize: 4, reuse: true })
    store(cache, [1, 2, 3, 4])
    store(cache, [5, 6, 7, 8])
    expect(cache.match([1, 2, 3, 9], 4).tail?.rows).toBe(3)
    cache.take()
    cache.take()
    expect(cache.match([1, 2, 3, 4], 4).pages.length).toBe(1)
  })

  it('keeps the page of equal text that was there first', () => {
    const cache = new PrefixCache({ pages: 3, pageSize: 2, reuse: true })
    const [a, b] = [cache.take() as number, cache.take() as number]
    const first = cache.add(cache.root, [1, 2], a)
    expect(cache.add(cache.root, [1, 2], b)).toBe(first)
    expect(cache.available).toBe(2)
    cache.release(a)
    expect(cache.idle).toBe(0)
    cache.release(a)
    expect(cache.idle).toBe(1)
    cache.clear()
    expect([cache.idle, cache.available]).toEqual([0, 3])
    expect(cache.match([1, 2], 2).pages).toEqual([])
  })

  it('does not mistake ids that are written alike for each other', () => {
    const cache = new PrefixCache({ pages: 8, pageSize: 2, reuse: true })
    store(cache, [1, 23])
    expect(cache.match([12, 3], 2)).toMatchObject({ pages: [], tail: undefined })
  })

  it('keeps nothing without reuse', () => {
    const cache = new PrefixCache({ pages: 3, pageSize: 2, reuse: false })
    const page = cache.take() as number
    cache.add(cache.root, [1, 2], page)
    cache.release(page)
    expect([cache.idle, cache.available]).toEqual([0, 3])
    expect(cache.match([1, 2], 2).pages).toEqual([])
  })

  it('never loses a page, however small the memory', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (texts, pages) => {
        const cache = new PrefixCache({ pages, pageSize: 2, reuse: true })
        for (const each of texts) {
          store(cache, each)
          expect(cache.available).toBe(pages)
          const { pages: found } = cache.match(each, each.length)
          expect(new Set(found).size).toBe(found.length)
          for (const page of found.toReversed()) cache.release(page)
        }
      }),
    )
  })
})
