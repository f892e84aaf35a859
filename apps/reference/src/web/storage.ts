/** Storage of the browser, or a stand-in that lasts as long as the page. */

/** Browsers throw at the mere access where the person forbids pages to keep data. */
export function openStorage(access: () => Storage): Storage {
  try {
    return access()
  } catch {
    return new MemoryStorage()
  }
}

class MemoryStorage implements Storage {
  readonly #items = new Map<string, string>()
  get length(): number {
    return this.#items.size
  }
  key(index: number): string | null {
    return [...this.#items.keys()][index] ?? null
  }
  getItem(key: string): string | null {
    return this.#items.get(key) ?? null
  }
  setItem(key: string, value: string): void {
    this.#items.set(key, value)
  }
  removeItem(key: string): void {
    this.#items.delete(key)
  }
  clear(): void {
    this.#items.clear()
  }
}
