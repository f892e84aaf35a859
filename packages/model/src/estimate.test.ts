/**
 * What is estimated is what loading allocates; the nearest setting that fits is the nearest.
 *
 * Mutations seen red: cache of one sequence only, no activations in the sum, `<` for what just fits (twice), bisection
 * that ends early, 0 where one token fits, the longest possible context not tried.
 */
import { createReferenceBackend } from '@octoscale/backend-cpu'
import { type Checkpoint, openCheckpoint } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DoesNotFitError, OptionError } from './errors.ts'
import { assertFits, type EstimateOptions, estimateModel } from './estimate.ts'
import { type GoldenName, goldenConfig, goldenNames, goldenPath, loadGolden } from './testing/golden.ts'

/** A golden checkpoint of which the headers alone can be read. */
async function headersOf(name: GoldenName): Promise<EstimateOptions> {
  const checkpoint = await openCheckpoint(fileFolder(goldenPath(name)))
  const refuse = (): never => {
    throw new RangeError('an estimate reads no tensors')
  }
  const headers: Checkpoint = { ...checkpoint, read: refuse, readFloat32: refuse }
  return { config: await goldenConfig(name), checkpoint: headers }
}

test.each(goldenNames)('%s: every number is that of the loaded model', async (name) => {
  for (const sizes of [{}, { maxContext: 50, maxBatch: 8 }, { maxContext: 1, maxBatch: 1 }]) {
    const guess = await estimateModel({ ...(await headersOf(name)), ...sizes })
    const model = await loadGolden(name, createReferenceBackend(), sizes)
    const { info } = model
    expect(guess).toMatchObject({
      architecture: info.architecture,
      parameters: info.parameters,
      weightBytes: info.bytes,
      workspaceBytes: info.workspaceBytes,
      cacheBytesPerToken: info.cacheBytesPerToken,
      contextLength: info.contextLength,
      batch: info.batch,
    })
    const cache = model.createCache()
    expect(guess.cacheBytes).toBe(cache.bytes)
    expect(guess.totalBytes).toBe(info.bytes + info.workspaceBytes + cache.bytes)
    let totalBytes = 0
    await loadGolden(name, createReferenceBackend(), {
      ...sizes,
      onProgress: (progress) => {
        totalBytes = progress.totalBytes
      },
    })
    expect(guess.fileBytes).toBe(totalBytes)
  }
})

test('without a limit everything fits', async () => {
  const guess = await estimateModel(await headersOf('fp8-ue8m0'))
  expect(guess).toMatchObject({ fits: true, memoryBytes: undefined, sequences: 1 })
  expect(guess.longestContext).toBe((await headersOf('fp8-ue8m0')).config.maxPositions)
  expect(() => assertFits(guess)).not.toThrow()
})

test('each sequence has a cache of its own', async () => {
  const options = await headersOf('bf16-groups-yarn')
  const one = await estimateModel(options)
  const three = await estimateModel({ ...options, sequences: 3 })
  expect(three.totalBytes - one.totalBytes).toBe(2 * one.cacheBytes)
})

test('longestContext fits, and one more does not', async () => {
  const options = await headersOf('fp8-ue8m0')
  const { maxPositions } = options.config
  const most = await estimateModel({ ...options, maxContext: maxPositions })
  const least = await estimateModel({ ...options, maxContext: 1 })
  const range = fc.integer({ min: least.totalBytes, max: most.totalBytes - 1 })
  const contexts = fc.integer({ min: 1, max: maxPositions })
  await fc.assert(
    fc.asyncProperty(range, contexts, async (memoryBytes, maxContext) => {
      const { longestContext, fits } = await estimateModel({ ...options, maxContext, memoryBytes })
      expect(fits).toBe(maxContext <= longestContext)
      const exact = await estimateModel({ ...options, maxContext: longestContext, memoryBytes })
      expect(exact.fits).toBe(true)
      const more = await estimateModel({ ...options, maxContext: longestContext + 1, memoryBytes })
      expect(more.fits).toBe(false)
    }),
    { numRuns: 30 },
  )
})

test('a plan that does not fit is refused with its numbers and a way out', async () => {
  const options = await headersOf('fp8-ue8m0')
  const all = await estimateModel({ ...options, maxContext: 64 })
  const tight = await estimateModel({ ...options, maxContext: 64, memoryBytes: all.totalBytes - 1 })
  expect(tight).toMatchObject({ fits: false, longestContext: 63 })
  const exact = await estimateModel({ ...options, maxContext: 64, memoryBytes: all.totalBytes })
  expect(exact).toMatchObject({ fits: true, longestContext: 64 })
  const plenty = await estimateModel({ ...options, memoryBytes: 1e9 })
  expect(plenty.longestContext).toBe(options.config.maxPositions)
  expect(() => assertFits(tight)).toThrow(DoesNotFitError)
  expect(() => assertFits(tight)).toThrow(
    /^the model needs \d.* \(weights .*, activations .*, cache .* for 64 tokens\), there are .*; a maxContext of 63 fits$/,
  )
  const none = await estimateModel({ ...options, memoryBytes: 1000 })
  expect(none.longestContext).toBe(0)
  expect(() => assertFits(none)).toThrow('there are 1.00 kB; no context fits')
})

test.each([
  { sequences: 0 },
  { sequences: 1.5 },
  { memoryBytes: -1 },
  { memoryBytes: Number.NaN },
  { maxContext: 0 },
])('%o is refused', async (options) => {
  await expect(estimateModel({ ...(await headersOf('fp8-ue8m0')), ...options })).rejects.toThrow(OptionError)
})
