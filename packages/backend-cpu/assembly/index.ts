/**
 * Everything that TypeScript calls (typed in `src/wasm/kernels.ts`). Addresses and strides are in bytes,
 * counts in elements, activations f32. Nothing here allocates or checks: memory belongs to
 * `src/wasm/heap.ts`, arguments and indices were validated before.
 */
export { addRow } from './add'
export { attend } from './attend'
export { decode } from './decode-run'
export { decodeRows } from './matrix'
export { absorbQuery } from './latent-attention'
export { linear } from './linear'
export { addScaled } from './moe'
export { rmsNorm } from './rms-norm'
export { rope } from './rope'
export { selectExperts } from './route'
export { copyRows, scatterRows } from './rows'
export { siluMul } from './silu-mul'
export { writeLatent } from './write-latent'

/** The first byte after this module's static data: the heap's. */
export const heapBase: usize = __heap_base
