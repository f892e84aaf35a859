interface MemoryOfProcess {
  readonly process?: { readonly availableMemory?: () => number }
}

/**
 * Bytes that this process can still get, within the limits of its container; undefined in a browser, which does not say.
 * Source: `process.availableMemory()` of Node 22.
 */
export function availableMemory(): number | undefined {
  return (globalThis as MemoryOfProcess).process?.availableMemory?.()
}
