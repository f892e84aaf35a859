/**
 * Choosing where a model runs. The only place of the packages that names concrete backends. Their code is imported when
 * one is made: a page does not fetch the backends that it does not use.
 */
import { OptionError } from '@octoscale/model'
import { type Backend, DeviceError, OutOfMemoryError, type Policy } from '@octoscale/tensor'

/** `auto`: the first that works here. Or a backend made by the caller, which `dispose()` of the model then leaves alone. */
export type BackendChoice = 'auto' | BackendName | Backend

export type BackendName = 'webgpu' | 'wasm' | 'reference'

/** How a backend is to compute. What it cannot do is an error, or a reason for `auto` to take another one. */
export interface ComputeOptions {
  /** `exact` (default), `fp8` or `int8`: what numbers the products are computed with. */
  readonly policy?: Policy
  /** Threads of the CPU; default: as many as the machine has, at most 8; one for a model of less than 40 MB. */
  readonly threads?: number | undefined
}

/** Of a WebAssembly memory with 64-bit addresses. */
export const mostCpuBytes: number = 16 * 2 ** 30

/** What is known of the model that the backend is for. */
interface Needs {
  /** What all its buffers will take. */
  readonly neededBytes?: number
}

/** In the order in which `auto` tries them. */
const creators: Readonly<
  Record<BackendName, (automatic: boolean, options: ComputeOptions & Needs) => Promise<Backend>>
> = {
  /** A GPU. `auto` leaves adapters that are software alone: WebAssembly is faster than those. */
  webgpu: async (automatic, { policy = 'exact' }) => {
    if (policy !== 'exact') throw lacksPolicy('webgpu', policy)
    const { createWebgpuBackend } = await import('@octoscale/backend-webgpu')
    return createWebgpuBackend({ acceptSoftware: !automatic })
  },
  /** WebAssembly SIMD. */
  wasm: async (_automatic, { policy, threads, neededBytes = 0 }) => {
    const { createWasmBackend } = await import('@octoscale/backend-cpu')
    return createWasmBackend({ policy, threads, memoryBytes: Math.min(neededBytes, mostCpuBytes) })
  },
  /** Plain TypeScript in 64-bit accumulation: the definition. Slow. */
  reference: async (_automatic, { policy = 'exact' }) => {
    const { createReferenceBackend } = await import('@octoscale/backend-cpu')
    return createReferenceBackend({ policy })
  },
}

function lacksPolicy(backend: string, policy: Policy): DeviceError {
  return new DeviceError({
    backend,
    missing: `the policy ${policy}: use backend 'wasm', or the policy 'exact'`,
  })
}

export const backendNames: readonly BackendName[] = Object.keys(creators) as BackendName[]

export interface MadeBackend {
  readonly backend: Backend
  /** Whether it was made here, and is to be disposed with what was made on it. */
  readonly owned: boolean
  /** One sentence: why `auto` did not take the first one; undefined when it did. */
  readonly notice: string | undefined
}

/**
 * What `make` makes on a backend of that choice; if it throws, a backend that was made here is disposed. With `auto`,
 * what does not fit a GPU, or costs it its device, is made again on the next backend: nobody can ask a GPU how much
 * memory it has left. Throws as `createBackend` and `make` do.
 */
export async function onBackend<Made>(
  choice: BackendChoice,
  options: ComputeOptions & Needs,
  make: (made: MadeBackend) => Promise<Made>,
): Promise<Made> {
  const attempt = async (made: MadeBackend): Promise<Made> => {
    try {
      return await make(made)
    } catch (error) {
      if (made.owned) made.backend.dispose()
      throw error
    }
  }
  const first = await createBackend(choice, options)
  try {
    return await attempt(first)
  } catch (error) {
    if (choice !== 'auto' || first.backend.info.name !== 'webgpu') throw error
    const isFull = error instanceof OutOfMemoryError
    if (!isFull && !(error instanceof DeviceError)) throw error
    const reason = isFull ? `webgpu: ${error.message}` : error.message
    return attempt({ ...(await firstThatWorks(['wasm'], [reason], options)), owned: true })
  }
}

/** Throws `OptionError` for an unknown name, `DeviceError` when a named backend cannot run here. */
export async function createBackend(
  choice: BackendChoice,
  options: ComputeOptions & Needs = {},
): Promise<MadeBackend> {
  if (typeof choice !== 'string') return { backend: choice, owned: false, notice: undefined }
  if (choice === 'auto') return { ...(await firstThatWorks(['webgpu', 'wasm'], [], options)), owned: true }
  if (!Object.hasOwn(creators, choice)) {
    throw new OptionError({
      option: 'backend',
      expected: `one of auto, ${backendNames.join(', ')}`,
      got: choice,
    })
  }
  return { backend: await creators[choice](false, options), owned: true, notice: undefined }
}

/** The first of `names`, or `reference`. `before` says why others are not among them. */
async function firstThatWorks(
  names: readonly BackendName[],
  before: readonly string[],
  options: ComputeOptions & Needs,
): Promise<{ backend: Backend; notice: string | undefined }> {
  const missing = [...before]
  for (const name of names) {
    try {
      const backend = await creators[name](true, options)
      return { backend, notice: noticeOf(name, missing) }
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      missing.push(error.message)
    }
  }
  return { backend: await creators.reference(true, options), notice: noticeOf('reference', missing) }
}

function noticeOf(taken: BackendName, missing: readonly string[]): string | undefined {
  return missing.length === 0 ? undefined : `running on ${taken}, since ${missing.join('; ')}`
}
