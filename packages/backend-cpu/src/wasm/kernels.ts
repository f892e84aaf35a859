/** The WebAssembly module: what the runtime supports of it, and what it exports. */
import { DeviceError } from '@octoscale/tensor'
import { kernelsWasm } from '../generated/kernels-wasm.ts'
import { relaxedWasm } from '../generated/relaxed-wasm.ts'

/** Exports of `assembly/index.ts`. */
export interface Kernels {
  readonly heapBase: WebAssembly.Global
  /** Makes this instance the thread `index` of those that share the words at `control`. */
  enter(control: number, index: number): void
  /** This thread's share of the operation at `descriptor`. */
  execute(descriptor: number): void
}

/** `relaxed`: with the relaxed dot product of int8, if the runtime has it. */
export type KernelKind = 'plain' | 'relaxed'

interface Compiled {
  readonly module: WebAssembly.Module
  /** What it uses, and why not more. */
  readonly features: string
}

/** One page less than the 4 GiB of 32-bit addresses: the end of a buffer is then an address too. */
const LARGEST_PAGES = 65536

/** One page, which the heap lets grow. Throws `DeviceError` where the runtime has no WebAssembly. */
export function createMemory(shared: boolean): WebAssembly.Memory {
  if (typeof WebAssembly === 'undefined') {
    const missing = 'this runtime has no WebAssembly; use the reference backend'
    throw new DeviceError({ backend: 'wasm', missing })
  }
  return new WebAssembly.Memory({ initial: 1, maximum: LARGEST_PAGES, shared })
}

/**
 * Compiles the kernels, for memory that is shared or not. Throws `DeviceError` where the runtime has no 128-bit SIMD
 * (Node >= 16.4, Chrome >= 91, Firefox >= 89 and Safari >= 16.4 have it).
 */
export async function compileKernels(wanted: KernelKind, shared: boolean): Promise<Compiled> {
  const features = 'WebAssembly SIMD'
  if (wanted === 'relaxed') {
    const module = await compile(relaxedWasm, shared)
    if (module !== undefined) return { module, features: `${features}, relaxed SIMD` }
  }
  const module = await compile(kernelsWasm, shared)
  const why = wanted === 'relaxed' ? ' (this runtime has no relaxed SIMD)' : ''
  if (module !== undefined) return { module, features: features + why }
  const missing = 'this runtime has no WebAssembly SIMD (128-bit); use a newer one, or the reference backend'
  throw new DeviceError({ backend: 'wasm', missing })
}

/** Undefined where the runtime does not know the instructions. */
async function compile(base64: string, shared: boolean): Promise<WebAssembly.Module | undefined> {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (!shared) unshare(bytes)
  return WebAssembly.validate(bytes) ? WebAssembly.compile(bytes) : undefined
}

/** The kernels over `memory`, for this thread. */
export async function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Kernels> {
  const { exports } = await WebAssembly.instantiate(module, { env: { memory, fence: () => {} } })
  return exports as unknown as Kernels
}

/** Import of a shared memory `env.memory` with a maximum, as the binary format writes it: the last byte says both. */
const sharedImport = [3, ...text('env'), 6, ...text('memory'), 2, 3]

/** Makes the module take memory that is not shared: the byte after its import's name becomes "has a maximum". */
function unshare(module: Uint8Array): void {
  const at = module.findIndex((_, start) => sharedImport.every((byte, i) => module[start + i] === byte))
  module[at + sharedImport.length - 1] = 1
}

function text(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0))
}
