/**
 * Pages that hold known text, for whoever has the same text next: a tree in which a path from the root spells ids.
 * Attention makes the rows of a page depend on all ids before it, so what a page holds is named by its path, not by its
 * own ids alone. Found by content (a hash map keyed by the ids themselves, so no collision can hand out another's text).
 */
import { PagePool } from './pages.ts'

/** A page whose first `ids.length` rows belong to the text that the path from the root spells. */
export interface Entry {
  /** -1 at the root. */
  readonly page: number
  /** `pageSize` ids; fewer where a text ended. */
  readonly ids: readonly number[]
  readonly parent: Entry | undefined
  readonly children: Map<string, Entry>
}

/** What of a text is there already. */
export interface Match {
  /** Whole pages from the start; the caller holds each now. */
  readonly pages: readonly number[]
  /** Where the next page of this text belongs. */
  readonly entry: Entry
  /** A page that goes on like the text for `rows` rows, then differs: to be copied, as it belongs to others. */
  readonly tail: { readonly page: number; readonly rows: number } | undefined
}

/**
 * All pages of a cache. The index itself holds each page that is in it; one that nobody else holds is idle: kept
 * until memory is needed, then the one unused for longest goes first. Someone who holds a page of the index holds all
 * pages of its path, therefore the idle page unused for longest never has children.
 */
export class PrefixCache {
  readonly pageSize: number
  readonly #pool: PagePool
  readonly #reuse: boolean
  readonly #entries = new Map<number, Entry>()
  /** In the order of last use. */
  readonly #idle = new Set<Entry>()
  #root: Entry = newRoot()

  /** With `reuse: false` nothing is ever kept. */
  constructor(options: { pages: number; pageSize: number; reuse: boolean }) {
    this.pageSize = options.pageSize
    this.#pool = new PagePool(options.pages)
    this.#reuse = options.reuse
  }

  get pages(): number {
    return this.#pool.count
  }

  /** Pages that can be taken: free ones and idle ones. */
  get available(): number {
    return this.#pool.free + this.#idle.size
  }

  /** Pages of known text that nobody uses now. */
  get idle(): number {
    return this.#idle.size
  }

  get root(): Entry {
    return this.#root
  }

  /** A page to write to, held by the caller alone; undefined when all are in use. */
  take(): number | undefined {
    if (this.#pool.free === 0) {
      const [oldest] = this.#idle
      if (oldest === undefined) return undefined
      this.#forget(oldest)
    }
    return this.#pool.take()
  }

  /** The longest known beginning of `ids`, of at most `limit` ids. */
  match(ids: readonly number[], limit: number): Match {
    const pages: number[] = []
    let entry = this.#root
    let at = 0
    for (; at + this.pageSize <= limit; at += this.pageSize) {
      const next = entry.children.get(keyOf(ids, at, at + this.pageSize))
      if (next === undefined) break
      entry = next
      this.hold(entry.page)
      pages.push(entry.page)
    }
    return { pages, entry, tail: this.#tail(entry, ids, at, limit) }
  }

  /** Holds a page that is in use or idle once more. */
  hold(page: number): void {
    this.#pool.retain(page)
    const entry = this.#entries.get(page)
    if (entry !== undefined) this.#idle.delete(entry)
  }

  /** Lets go of a page. */
  release(page: number): void {
    this.#pool.release(page)
    const entry = this.#entries.get(page)
    if (entry !== undefined && this.#pool.holders(page) === 1) this.#idle.add(entry)
  }

  /**
   * The caller's page holds `ids` after the text of `parent`. Returns the entry to go on from: where the same text was
   * there already, the caller's page is released and the entry's page is held instead.
   */
  add(parent: Entry, ids: readonly number[], page: number): Entry {
    if (!this.#reuse) return this.#root
    const key = keyOf(ids, 0, ids.length)
    const known = parent.children.get(key)
    if (known !== undefined) {
      this.hold(known.page)
      this.release(page)
      return known
    }
    const entry: Entry = { page, ids, parent, children: new Map() }
    parent.children.set(key, entry)
    this.#entries.set(page, entry)
    this.#pool.retain(page)
    return entry
  }

  /** Forgets all idle pages. */
  clear(): void {
    for (const entry of this.#idle) this.#forget(entry)
  }

  #tail(entry: Entry, ids: readonly number[], at: number, limit: number): Match['tail'] {
    let best: Match['tail']
    let found: Entry | undefined
    for (const child of entry.children.values()) {
      const rows = commonLength(child.ids, ids, at, limit)
      // A copy of a few rows is not worth its operations.
      if (rows * 4 >= this.pageSize && rows > (best?.rows ?? 0)) {
        best = { page: child.page, rows }
        found = child
      }
    }
    // Used now, so the last to go. The pages before it are held, and will be idle later than this one.
    if (found !== undefined && this.#idle.delete(found)) this.#idle.add(found)
    return best
  }

  #forget(entry: Entry): void {
    this.#idle.delete(entry)
    this.#entries.delete(entry.page)
    entry.parent?.children.delete(keyOf(entry.ids, 0, entry.ids.length))
    this.#pool.release(entry.page)
  }
}

function newRoot(): Entry {
  return { page: -1, ids: [], parent: undefined, children: new Map() }
}

function keyOf(ids: readonly number[], start: number, end: number): string {
  let key = ''
  for (let i = start; i < end; i++) key += `${ids[i]},`
  return key
}

/** How many of `own` stand in `ids` from `at` on, before `limit`. */
function commonLength(own: readonly number[], ids: readonly number[], at: number, limit: number): number {
  const end = Math.min(own.length, limit - at)
  let length = 0
  while (length < end && own[length] === ids[at + length]) length++
  return length
}
