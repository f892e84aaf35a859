import { createReferenceBackend } from '@octoscale/backend-cpu'
import { describe, expect, it } from 'vitest'
import { goldenLogits, goldenNames, loadGolden, relativeError } from './test-support.ts'

describe.each(goldenNames)('%s', (name) => {
  it('computes the logits of transformers, all positions, in pieces of 16 tokens', async () => {
    const { ids, logits } = await goldenLogits(name)
    const model = await loadGolden(name, createReferenceBackend(), { maxBatch: 16 })
    const cache = model.createCache()
    const actual = await model.forward({ ids, start: 0, cache, logits: 'all' })
    console.log(name, relativeError(actual, logits))
    expect(relativeError(actual, logits)).toBeLessThanOrEqual(1e-4)
  })
})
