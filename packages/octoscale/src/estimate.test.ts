/**
 * What is estimated is what is taken.
 *
 * Mutations seen red: `memoryBytes` of `load` ignored, `assertFits` not called.
 */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { DoesNotFitError, estimate, load } from './index.ts'

test('the estimate of octo-tiny is what loading it takes', async () => {
  const guess = await estimate(octoTiny, { maxContext: 512 })
  const llm = await load(octoTiny, { backend: 'wasm', maxContext: 512 })
  expect(guess).toMatchObject({
    architecture: 'deepseek_v3',
    parameters: llm.info.parameters,
    weightBytes: llm.info.bytes,
    workspaceBytes: llm.info.workspaceBytes,
    cacheBytesPerToken: llm.info.cacheBytesPerToken,
    contextLength: 512,
    fits: true,
  })
  // This machine's memory was asked for.
  expect(guess.memoryBytes).toBeGreaterThan(guess.totalBytes)
  llm.dispose()
})

test('a model that does not fit is refused with a context that fits', async () => {
  const all = await estimate(octoTiny, { maxContext: 2048 })
  const memoryBytes = all.totalBytes - all.cacheBytes / 2
  const error = await load(octoTiny, { backend: 'wasm', maxContext: 2048, memoryBytes }).catch(
    (caught: unknown) => caught,
  )
  expect(error).toBeInstanceOf(DoesNotFitError)
  const { longestContext } = (error as DoesNotFitError).estimate
  expect((error as Error).message).toContain(`a maxContext of ${longestContext} fits`)
  const llm = await load(octoTiny, { backend: 'wasm', maxContext: longestContext, memoryBytes })
  llm.dispose()
  await expect(
    load(octoTiny, { backend: 'wasm', maxContext: longestContext + 1, memoryBytes }),
  ).rejects.toThrow(DoesNotFitError)
  await expect(load(octoTiny, { backend: 'wasm', memoryBytes: 1e6 })).rejects.toThrow('no context fits')
})
