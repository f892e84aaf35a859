/**
 * Indices of `values` from the largest value down, the lower index first among equals, in lazy order: a heap is built in
 * O(n) and each step costs O(log n), so that taking the best few does not sort them all. `among`: only these indices.
 */
export function* descending(values: Float32Array, among?: ArrayLike<number>): Generator<number> {
  let size = among?.length ?? values.length
  const heap = new Int32Array(size)
  for (let i = 0; i < size; i++) heap[i] = among?.[i] ?? i
  const before = (a: number, b: number): boolean => isBefore(values, a, b)
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap, size, at, before)
  while (size > 0) {
    yield heap[0] as number
    size--
    heap[0] = heap[size] as number
    sink(heap, size, 0, before)
  }
}

/** The `count` first of `descending(values)`, in one pass that looks at most values once: for a vocabulary of 129280. */
export function largest(values: Float32Array, count: number): number[] {
  const size = Math.min(count, values.length)
  // The worst of the best is on top, to be replaced.
  const heap = new Int32Array(size)
  for (let i = 0; i < size; i++) heap[i] = i
  const before = (a: number, b: number): boolean => isBefore(values, b, a)
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(heap, size, at, before)
  for (let i = size; i < values.length && size > 0; i++) {
    // Equals came earlier, so they stay.
    if (!((values[i] as number) > (values[heap[0] as number] as number))) continue
    heap[0] = i
    sink(heap, size, 0, before)
  }
  return [...heap].sort((a, b) => (isBefore(values, a, b) ? -1 : 1))
}

function isBefore(values: Float32Array, a: number, b: number): boolean {
  const difference = (values[a] as number) - (values[b] as number)
  return difference > 0 || (difference === 0 && a < b)
}

/** Moves the item at `start` down to where `before` wants it. */
function sink(
  heap: Int32Array,
  size: number,
  start: number,
  before: (a: number, b: number) => boolean,
): void {
  const item = heap[start] as number
  let at = start
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && before(heap[child + 1] as number, heap[child] as number)) child++
    if (!before(heap[child] as number, item)) break
    heap[at] = heap[child] as number
    at = child
  }
  heap[at] = item
}
