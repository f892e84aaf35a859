/**
 * What is estimated is what is taken.
 *
 * Mutations seen red: `memoryBytes` of `load` ignored, `assertFits` not called.
 */
import { octoTiny } from '@octoscale/octo-tiny'
import { expect, test } from 'vitest'
import { cacheTypes, DoesNotFitError, estimate, load } from './index.ts'

test.each(cacheTypes)(
  'the estimate of octo-tiny with a cache of %s is what loading it takes',
  async (cacheType) => {
    const guess = await estimate(octoTiny, { maxContext: 512, cacheType })
    const llm = await load(octoTiny, { backend: 'wasm', maxContext: 512, cacheType })
    expect(llm.info.cacheType).toBe(cacheType)
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
  },
)

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
  // The same context with a smaller cache.
  ;(await load(octoTiny, { backend: 'wasm', maxContext: 2048, memoryBytes, cacheType: 'f16' })).dispose()
  // @ts-expect-error: a caller without types
  await expect(load(octoTiny, { backend: 'wasm', cacheType: 'int4' })).rejects.toThrow(
    /cacheType must be one of f32, f16, bf16, fp8/,
  )
  await expect(
    load(octoTiny, { backend: 'wasm', cacheTokens: 1e7, memoryBytes: all.totalBytes }),
  ).rejects.toThrow(DoesNotFitError)
  await expect(load(octoTiny, { backend: 'wasm', memoryBytes: 1e6 })).rejects.toThrow('no context fits')
})
