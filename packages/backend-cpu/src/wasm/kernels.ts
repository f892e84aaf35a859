/** The WebAssembly module: what the runtime supports of it, and what it exports. */
import { DeviceError } from '@octoscale/tensor'
import { kernelsWasm } from '../generated/kernels-wasm.ts'
import type { AddressBytes, LinearMemory } from './heap.ts'

/** Exports of `assembly/index.ts`. */
export interface Kernels {
  /** The first byte after the static data. */
  readonly heapBase: number
  /** Makes this instance the thread `index` of those that share the words at `control`. */
  enter(control: number, index: number): void
  /** This thread's share of the operation at `descriptor`. */
  execute(descriptor: number): void
}

/** Addresses are bigints where they have 64 bits. */
interface Exports {
  readonly heapBase: { readonly value: number | bigint }
  enter(control: number | bigint, index: number): void
  execute(descriptor: number | bigint): void
}

/** `relaxed`: with the relaxed dot product of int8, if the runtime has it. */
export type KernelKind = 'plain' | 'relaxed'

interface Compiled {
  readonly module: WebAssembly.Module
  /** What it uses, and why not more. */
  readonly features: string
}

/** The modules in base64. One is needed: bundlers may put the others into files that are not loaded. */
const texts: Readonly<Record<AddressBytes, Readonly<Record<KernelKind, () => Promise<string>>>>> = {
  4: {
    plain: async () => kernelsWasm,
    relaxed: async () => (await import('../generated/relaxed-wasm.ts')).relaxedWasm,
  },
  8: {
    plain: async () => (await import('../generated/kernels64-wasm.ts')).kernels64Wasm,
    relaxed: async () => (await import('../generated/relaxed64-wasm.ts')).relaxed64Wasm,
  },
}

/** A memory and how the heap sees it. */
export interface CreatedMemory {
  readonly memory: WebAssembly.Memory
  readonly linear: LinearMemory
}

/**
 * One page, which the heap lets grow to 4 GiB, or to 16 GiB with addresses of 8 bytes: only addresses are reserved.
 * Throws `DeviceError` where the runtime has no WebAssembly, or none with such addresses.
 */
export function createMemory(shared: boolean, addressBytes: AddressBytes): CreatedMemory {
  if (typeof WebAssembly === 'undefined') {
    const missing = 'this runtime has no WebAssembly; use the reference backend'
    throw new DeviceError({ backend: 'wasm', missing })
  }
  if (addressBytes === 4) {
    const memory = new WebAssembly.Memory({ initial: 1, maximum: 65536, shared })
    return { memory, linear: memory }
  }
  // TypeScript does not know memories with 64-bit addresses: their numbers of pages are bigints.
  const descriptor: unknown = { address: 'i64', initial: 1n, maximum: 262144n, shared }
  try {
    const memory = new WebAssembly.Memory(descriptor as WebAssembly.MemoryDescriptor)
    const grow = memory.grow.bind(memory) as unknown as (pages: bigint) => bigint
    const linear: LinearMemory = {
      get buffer() {
        return memory.buffer
      },
      grow: (pages) => Number(grow(BigInt(pages))),
    }
    return { memory, linear }
  } catch (cause) {
    throw noMemory64(cause)
  }
}

function noMemory64(cause: unknown): DeviceError {
  // A runtime that has such memory, but gets no room for it, says so by a RangeError; others do not take the bigints.
  const missing =
    cause instanceof RangeError
      ? 'the system gives no 16 GiB of addresses for memory of more than 4 GiB: raise the limit of the process (ulimit -v)'
      : 'this runtime has no WebAssembly memory of more than 4 GiB (Node 24, Chrome 133 and Firefox 134 have it); use a newer one, or a smaller model'
  return new DeviceError({ backend: 'wasm', missing, cause })
}

/**
 * Compiles the kernels, for memory that is shared or not. Throws `DeviceError` where the runtime has no 128-bit SIMD
 * (Node >= 16.4, Chrome >= 91, Firefox >= 89 and Safari >= 16.4 have it).
 */
export async function compileKernels(
  wanted: KernelKind,
  shared: boolean,
  addressBytes: AddressBytes,
): Promise<Compiled> {
  const { plain, relaxed } = texts[addressBytes]
  const features = 'WebAssembly SIMD'
  if (wanted === 'relaxed') {
    const module = await compile(await relaxed(), shared)
    if (module !== undefined) return { module, features: `${features}, relaxed SIMD` }
  }
  const module = await compile(await plain(), shared)
  const why = wanted === 'relaxed' ? ' (this runtime has no relaxed SIMD)' : ''
  if (module !== undefined) return { module, features: features + why }
  if (addressBytes === 8) throw noMemory64(undefined)
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
  addressBytes: AddressBytes,
): Promise<Kernels> {
  const instance = await WebAssembly.instantiate(module, { env: { memory, fence: () => {} } })
  const exports = instance.exports as unknown as Exports
  return {
    heapBase: Number(exports.heapBase.value),
    enter: (control, index) => exports.enter(addressOf(control, addressBytes), index),
    execute: (descriptor) => exports.execute(addressOf(descriptor, addressBytes)),
  }
}

/** As WebAssembly takes it. */
export function addressOf(address: number, addressBytes: AddressBytes): number | bigint {
  return addressBytes === 4 ? address : BigInt(address)
}

/** Import of the memory `env.memory`, as the binary format writes it before the byte that says of what kind it is. */
const memoryImport = [3, ...text('env'), 6, ...text('memory'), 2]
/** The bit of that byte for memory that is shared. */
const SHARED = 2

/** Makes the module take memory that is not shared. */
function unshare(module: Uint8Array): void {
  const at = module.findIndex((_, start) => memoryImport.every((byte, i) => module[start + i] === byte))
  module[at + memoryImport.length]! &= ~SHARED
}

function text(characters: string): number[] {
  return [...characters].map((character) => character.charCodeAt(0))
}
