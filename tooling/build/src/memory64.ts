/**
 * AssemblyScript for 64-bit addresses. Its compiler knows the target, but no option of its command asks for it, and it
 * always declares a memory with 32-bit addresses: both are mended from within, between its steps.
 */
import { FEATURE_MEMORY64, type Options, setFeature, setTarget } from 'assemblyscript'

/** What is used of the compiler beyond its own types. */
interface Program {
  readonly options: Options
  readonly module: {
    sizeType: number
    setMemory(initial: number, maximum: number, segments: readonly Segment[], ...rest: unknown[]): void
  }
}

interface Segment {
  /** A 64-bit integer of the compiler. */
  readonly offset: { toString(): string }
  readonly buffer: Uint8Array
}

/** A module of Binaryen. */
interface Binary {
  readonly i64: { const(value: bigint): number }
  setMemory(
    initial: number,
    maximum: number,
    exportName: string | null,
    segments: readonly { offset: number; data: Uint8Array; passive: boolean }[],
    shared: boolean,
    memory64: boolean,
    name: string,
  ): void
  addMemoryImport(name: string, module: string, base: string, shared: boolean): void
}

/** `Target.Wasm64` of the compiler. */
const WASM64 = 2
/** 16 GiB: the most that a memory with 64-bit addresses has in JavaScript. */
const MAXIMUM_PAGES = 262144
/** The compiler's name of its only memory. */
const MEMORY = '0'

/** Compiles to a module that imports the shared memory `env.memory` with 64-bit addresses. The compiler makes the instance. */
export class Memory64 {
  /** Set by the compiler. */
  declare readonly program: Program
  #segments: readonly Segment[] = []

  afterParse(): void {
    const { options, module } = this.program
    setTarget(options, WASM64)
    setFeature(options, FEATURE_MEMORY64, true)
    // Taken from the options when the program was made: for 32 bits.
    module.sizeType = options.sizeTypeRef
    const set = module.setMemory
    module.setMemory = (initial, maximum, segments, ...rest) => {
      this.#segments = segments
      set.call(module, initial, maximum, segments, ...rest)
    }
  }

  afterCompile(binary: Binary): void {
    const segments = this.#segments.map(({ offset, buffer }) => {
      return { offset: binary.i64.const(BigInt(offset.toString())), data: buffer, passive: false }
    })
    binary.setMemory(1, MAXIMUM_PAGES, null, segments, true, true, MEMORY)
    binary.addMemoryImport(MEMORY, 'env', 'memory', true)
  }
}
