/** Choosing where a model runs. The only place of the packages that names concrete backends. */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { createWebgpuBackend } from '@octoscale/backend-webgpu'
import { OptionError } from '@octoscale/model'
import { type Backend, DeviceError } from '@octoscale/tensor'

/** `auto`: the first that works here. Or a backend made by the caller, which `dispose()` of the model then leaves alone. */
export type BackendChoice = 'auto' | BackendName | Backend

export type BackendName = 'webgpu' | 'wasm' | 'reference'

/** In the order in which `auto` tries them. */
const creators: Readonly<Record<BackendName, (automatic: boolean) => Promise<Backend>>> = {
  /** A GPU. `auto` leaves adapters that are software alone: WebAssembly is faster than those. */
  webgpu: (automatic) => createWebgpuBackend({ acceptSoftware: !automatic }),
  /** WebAssembly SIMD. */
  wasm: () => createWasmBackend(),
  /** Plain TypeScript in 64-bit accumulation: the definition. Slow. */
  reference: async () => createReferenceBackend(),
}

export const backendNames: readonly BackendName[] = Object.keys(creators) as BackendName[]

/**
 * `notice` tells, in one sentence, why `auto` did not take the first one; undefined when it did.
 * Throws `OptionError` for an unknown name, `DeviceError` when a named backend cannot run here.
 */
export async function createBackend(
  choice: BackendChoice,
): Promise<{ backend: Backend; owned: boolean; notice: string | undefined }> {
  if (typeof choice !== 'string') return { backend: choice, owned: false, notice: undefined }
  if (choice === 'auto') return { ...(await firstThatWorks()), owned: true }
  if (!Object.hasOwn(creators, choice)) {
    throw new OptionError({
      option: 'backend',
      expected: `one of auto, ${backendNames.join(', ')}`,
      got: choice,
    })
  }
  return { backend: await creators[choice](false), owned: true, notice: undefined }
}

async function firstThatWorks(): Promise<{ backend: Backend; notice: string | undefined }> {
  const missing: string[] = []
  for (const name of ['webgpu', 'wasm'] as const) {
    try {
      const backend = await creators[name](true)
      return { backend, notice: noticeOf(name, missing) }
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      missing.push(error.message)
    }
  }
  return { backend: await creators.reference(true), notice: noticeOf('reference', missing) }
}

function noticeOf(taken: BackendName, missing: readonly string[]): string | undefined {
  return missing.length === 0 ? undefined : `running on ${taken}, since ${missing.join('; ')}`
}
