/** From options to a running backend: threads if they are possible here, one otherwise, and why. */
import { ArgumentError, DeviceError, type Policy, policies } from '@octoscale/tensor'
import { Control, type IndexFault } from './control.ts'
import { type AddressBytes, Heap } from './heap.ts'
import { addressOf, compileKernels, createMemory, instantiateKernels, type KernelKind } from './kernels.ts'
import { InlineRecorder } from './recorder.ts'
import type { Runtime } from './runtime.ts'
import { startTeam, type Team } from './team.ts'
import { CHUNK, TeamRecorder } from './team-recorder.ts'
import { Weights } from './weights.ts'

export interface WasmOptions {
  /** Default: `exact`. */
  readonly policy?: Policy | undefined
  /**
   * Threads that compute, 1 .. 64; default: the processor's, at most 8. With 1 they are done when the call returns; in a
   * page even one is a worker, so that nothing is computed on the thread that draws.
   */
  readonly threads?: number | undefined
  /**
   * What the buffers will take in all, in bytes, if it is known: at most 16 GiB. More than 3.5 GiB need a memory with
   * 64-bit addresses, in which kernels are slower; without this number it has 32-bit addresses, for 4 GiB.
   */
  readonly memoryBytes?: number | undefined
}

export interface Started {
  readonly runtime: Runtime
  /** Features in use and why not more. */
  readonly detail: string
  /** Ends the threads. */
  end(): void
}

/** More than these rarely help: memory is what decoding waits for. */
const MOST_BY_DEFAULT = 8
const MOST = 64
const GIB = 2 ** 30
/** Buffers of so many bytes and the working memory of kernels fit 32-bit addresses. */
const MOST_IN_32_BITS = 3.5 * GIB
const MOST_IN_64_BITS = 16 * GIB

/** `relaxed`: kernels with relaxed SIMD where there is any. Throws `ArgumentError` for a bad option, `DeviceError` where WebAssembly lacks what is needed. */
export async function start(
  { threads, policy = 'exact', memoryBytes = 0 }: WasmOptions,
  relaxed: boolean = true,
): Promise<Started> {
  if (!policies.includes(policy)) {
    const expected = `one of ${policies.join(', ')}`
    throw new ArgumentError({ op: 'createWasmBackend', argument: 'policy', expected, got: `${policy}` })
  }
  if (threads !== undefined && (!Number.isInteger(threads) || threads < 1 || threads > MOST)) {
    const expected = `an integer in 1 .. ${MOST}`
    throw new ArgumentError({ op: 'createWasmBackend', argument: 'threads', expected, got: `${threads}` })
  }
  if (!(memoryBytes >= 0 && memoryBytes <= MOST_IN_64_BITS)) {
    const expected = 'a number of bytes up to 16 GiB, the most that WebAssembly has'
    throw new ArgumentError({
      op: 'createWasmBackend',
      argument: 'memoryBytes',
      expected,
      got: `${memoryBytes}`,
    })
  }
  const addressBytes = memoryBytes > MOST_IN_32_BITS ? 8 : 4
  const processors = globalThis.navigator?.hardwareConcurrency ?? 1
  const wanted = threads ?? Math.min(processors, MOST_BY_DEFAULT)
  const draws = typeof document !== 'undefined'
  const kernels = policy === 'int8' && relaxed ? 'relaxed' : 'plain'
  const inline = (why: string) => startInline(policy, kernels, why, addressBytes)
  if (wanted === 1 && !draws) return inline('one thread')
  const missing = missingForThreads()
  if (missing !== undefined) return inline(`one thread: ${missing}`)
  try {
    return await startThreads(policy, kernels, wanted, addressBytes)
  } catch (problem) {
    if (problem instanceof DeviceError) throw problem
    return inline(`one thread: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}

function missingForThreads(): string | undefined {
  if (typeof SharedArrayBuffer === 'undefined') {
    return 'no SharedArrayBuffer (a page needs the headers COOP same-origin and COEP require-corp)'
  }
  const node = globalThis.process?.getBuiltinModule?.('node:worker_threads') !== undefined
  return node || typeof Worker !== 'undefined' ? undefined : 'no workers'
}

async function startInline(
  policy: Policy,
  wanted: KernelKind,
  threads: string,
  addressBytes: AddressBytes,
): Promise<Started> {
  const { memory, linear } = createMemory(false, addressBytes)
  const { module, features } = await compileKernels(wanted, false, addressBytes)
  const kernels = await instantiateKernels(module, memory, addressBytes)
  const { heap, control } = prepare(new Heap(linear, kernels.heapBase, addressBytes), 1)
  kernels.enter(control.address, 0)
  const recorder = new InlineRecorder(heap, control, kernels.execute)
  const runtime = { heap, weights: new Weights(heap, recorder), recorder, policy }
  return {
    runtime,
    detail: `${features}; ${threads}; ${addresses[addressBytes]}; ${numbers[policy]}`,
    end: () => {},
  }
}

async function startThreads(
  policy: Policy,
  wanted: KernelKind,
  threads: number,
  addressBytes: AddressBytes,
): Promise<Started> {
  const { memory, linear } = createMemory(true, addressBytes)
  const { module, features } = await compileKernels(wanted, true, addressBytes)
  const kernels = await instantiateKernels(module, memory, addressBytes)
  const { heap, control, list } = prepare(new Heap(linear, kernels.heapBase, addressBytes), threads)
  let team: Team | undefined
  const recorder = new TeamRecorder(heap, control, list, (busy) => team?.hold(busy))
  const onFailure = (problem: string) => {
    team?.end()
    const missing = `a thread failed (${problem}); dispose this backend and create another`
    recorder.fail(new DeviceError({ backend: 'wasm', missing }))
  }
  const onFence = (fault: IndexFault | undefined) => recorder.reached(fault)
  team = await startTeam({ module, memory, control: addressOf(control.address, addressBytes) }, threads, {
    onFence,
    onFailure,
  })
  const runtime = { heap, weights: new Weights(heap, recorder), recorder, policy }
  const count = threads === 1 ? 'one worker' : `${threads} threads`
  return {
    runtime,
    detail: `${features}; ${count}; ${addresses[addressBytes]}; ${numbers[policy]}`,
    end: team.end,
  }
}

function prepare(heap: Heap, threads: number) {
  const list = heap.addressOf('list', heap.alloc(CHUNK, 'operations'))
  return { heap, list, control: new Control(heap, threads, list) }
}

const addresses: Readonly<Record<AddressBytes, string>> = {
  4: 'memory up to 4 GiB',
  8: '64-bit memory up to 16 GiB',
}

const numbers: Readonly<Record<Policy, string>> = {
  exact: 'exact weights, f32 sums',
  fp8: 'exact weights, E4M3 activations, f32 sums',
  int8: 'weights and activations in 8 bits per block of 128',
}
