/** State outside of components: one immutable value, and who wants to hear of a new one. */
import { useEffect, useReducer } from 'preact/hooks'

export interface Store<T> {
  get(): T
  /** Replaces the value, or computes it from the last one. */
  set(next: T | ((last: T) => T)): void
  /** Gives back the function that ends it. */
  subscribe(listener: () => void): () => void
}

export function createStore<T extends object>(first: T): Store<T> {
  const listeners = new Set<() => void>()
  let value = first
  return {
    get: () => value,
    set(next) {
      value = typeof next === 'function' ? (next as (last: T) => T)(value) : next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The store's value; the component renders again when it changes. */
export function useStore<T>(store: Store<T>): T {
  const [, render] = useReducer((count: number, _: undefined) => count + 1, 0)
  const value = store.get()
  useEffect(() => {
    const end = store.subscribe(() => render(undefined))
    // It may have changed between the rendering and now.
    if (store.get() !== value) render(undefined)
    return end
  }, [store])
  return value
}
