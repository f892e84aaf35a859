/** Tests that need an adapter: where there is none, one skipped test says why. */
import { test } from 'vitest'
import { createWebgpuBackend } from '../index.ts'

/**
 * Declares the tests of `declare` if a backend can be made. Where the test command has found SwiftShader (it then sets
 * VK_ICD_FILENAMES), and in a page, there is nothing to excuse: they are declared, and fail.
 */
export async function withGpu(declare: () => void): Promise<void> {
  const reason = await whyNone()
  if (reason === undefined) declare()
  else test('needs a WebGPU adapter', (context) => context.skip(reason))
}

async function whyNone(): Promise<string | undefined> {
  if (globalThis.process?.env?.VK_ICD_FILENAMES !== undefined || 'document' in globalThis) return undefined
  try {
    const backend = await createWebgpuBackend()
    backend.dispose()
    return undefined
  } catch (error) {
    return String(error)
  }
}
