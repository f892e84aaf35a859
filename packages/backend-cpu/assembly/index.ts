/**
 * Everything that TypeScript calls (typed in `src/wasm/kernels.ts`). Addresses and strides are in bytes, counts in
 * elements, activations f32. Nothing here allocates: memory belongs to `src/wasm/heap.ts`. Arguments were validated
 * before; index tensors are looked at by the operation that reads them.
 */
export { enter } from './control'
export { execute, work } from './execute'

/** The first byte after this module's static data: the heap's. */
export const heapBase: usize = __heap_base
