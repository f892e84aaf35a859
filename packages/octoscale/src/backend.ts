/** Choosing where a model runs. The only place of the packages that names concrete backends. */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { type Backend, DeviceError } from '@octoscale/tensor'
import { OptionError } from './errors.ts'

/** `auto`: the fastest that works here. Or a backend made by the caller, which `dispose()` of the model then leaves alone. */
export type BackendChoice = 'auto' | BackendName | Backend

export type BackendName = 'reference' | 'wasm'

const creators: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  /** Plain TypeScript in 64-bit accumulation: the definition. Slow. */
  reference: async () => createReferenceBackend(),
  /** WebAssembly SIMD. */
  wasm: createWasmBackend,
}

export const backendNames: readonly BackendName[] = Object.keys(creators) as BackendName[]

/**
 * `notice` tells, in one sentence, why `auto` did not take the fastest one; undefined when it did.
 * Throws `OptionError` for an unknown name, `DeviceError` when a named backend cannot run here.
 */
export async function createBackend(
  choice: BackendChoice,
): Promise<{ backend: Backend; owned: boolean; notice: string | undefined }> {
  if (typeof choice !== 'string') return { backend: choice, owned: false, notice: undefined }
  if (choice === 'auto') {
    try {
      return { backend: await creators.wasm(), owned: true, notice: undefined }
    } catch (error) {
      if (!(error instanceof DeviceError)) throw error
      return {
        backend: await creators.reference(),
        owned: true,
        notice: `using the slow reference backend: ${error.message}`,
      }
    }
  }
  if (!Object.hasOwn(creators, choice)) {
    throw new OptionError({ option: 'backend', expected: `auto, ${backendNames.join(' or ')}`, got: choice })
  }
  return { backend: await creators[choice](), owned: true, notice: undefined }
}
