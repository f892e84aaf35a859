/**
 * Indices of `values` from the largest value down, the lower index first among equals, in lazy order:
 * a heap is built in O(n) and each step costs O(log n), so that taking the best few of 129280 does not sort them all.
 */
export function* descending(values: Float32Array): Generator<number> {
  const heap = Int32Array.from(values.keys())
  let size = heap.length
  const before = (a: number, b: number): boolean => {
    const difference = (values[a] as number) - (values[b] as number)
    return difference > 0 || (difference === 0 && a < b)
  }
  const sink = (start: number): void => {
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
  for (let at = (size >> 1) - 1; at >= 0; at--) sink(at)
  while (size > 0) {
    yield heap[0] as number
    size--
    heap[0] = heap[size] as number
    sink(0)
  }
}
