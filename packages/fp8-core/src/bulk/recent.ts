/** A bounded cache: tables are quick to make again, and somebody may go through hundreds of formats. */

/** Keeps the `limit` values last asked for. */
// Bundlers leave out the caches of what is not imported.
/* @__NO_SIDE_EFFECTS__ */
export function keepRecent<Value>(limit: number): (key: string, make: () => Value) => Value {
  const kept = new Map<string, Value>()
  return (key, make) => {
    const value = kept.get(key) ?? make()
    // A Map is in the order of insertion, so its first key is the one that was not asked for the longest.
    kept.delete(key)
    kept.set(key, value)
    if (kept.size > limit) kept.delete(kept.keys().next().value!)
    return value
  }
}

const ids = new WeakMap<object, string>()
let count = 0

/** A name for an object that no other object has, as a part of a key. */
export function idOf(object: object): string {
  let id = ids.get(object)
  if (id === undefined) {
    id = `${count++}`
    ids.set(object, id)
  }
  return id
}
