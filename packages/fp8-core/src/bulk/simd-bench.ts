/** The WebAssembly SIMD kernels of `assembly/`, and the memory through which numbers and codes pass. */
import { bulkWasm } from '../generated/bulk-wasm.ts'

/** Elements on the bench at once: 40 KiB with their codes, most of a first-level cache. */
export const simdBenchSize = 8192

export interface SimdBench {
  readonly floats: Float32Array
  /** The bits of the same. */
  readonly words: Int32Array
  readonly codes: Uint8Array
  readonly kernels: Kernels
}

/** Exports of `assembly/index.ts`, on the first `count` elements of the bench. */
interface Kernels {
  readonly memory: WebAssembly.Memory
  encode(
    count: number,
    mantissaBits: number,
    exponentMask: number,
    addend: number,
    least: number,
    largest: number,
    sign: number,
    unsigned: number,
  ): number
  divide(count: number, divisor: number): void
  multiply(count: number, factor: number): void
  largestMagnitude(count: number): number
}

let bench: SimdBench | undefined
let tried = false

/** The bench, made at the first call; `undefined` where there is no WebAssembly with SIMD. */
export function simdBench(): SimdBench | undefined {
  if (!tried) {
    tried = true
    bench = makeBench()
  }
  return bench
}

function makeBench(): SimdBench | undefined {
  // WebAssembly's memory is little-endian, typed arrays are as the machine is.
  if (new Uint8Array(new Uint32Array([1]).buffer)[0] !== 1) return undefined
  let kernels: Kernels
  try {
    const bytes = Uint8Array.from(atob(bulkWasm), (character) => character.charCodeAt(0))
    // At once and not by a promise: it is one kilobyte, less than pages may compile so.
    kernels = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Kernels
  } catch {
    // No WebAssembly, none with SIMD, or a content security policy against it: the tables do the same.
    return undefined
  }
  const start = 1024
  const { buffer } = kernels.memory
  return {
    floats: new Float32Array(buffer, start, simdBenchSize),
    words: new Int32Array(buffer, start, simdBenchSize),
    codes: new Uint8Array(buffer, start + 4 * simdBenchSize, simdBenchSize),
    kernels,
  }
}
