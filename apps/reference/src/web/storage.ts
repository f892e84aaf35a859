/** Storage of the browser, or a stand-in that lasts as long as the page. */

/** What the page uses of `Storage`. */
export type TextStorage = Pick<Storage, 'getItem' | 'setItem'>

/** Browsers throw at the mere access where the person forbids pages to keep data. */
export function openStorage(access: () => TextStorage): TextStorage {
  try {
    return access()
  } catch {
    const items = new Map<string, string>()
    return {
      getItem: (key) => items.get(key) ?? null,
      setItem: (key, value) => void items.set(key, value),
    }
  }
}
