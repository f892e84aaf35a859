/**
 * What `fp8` and `int8` make of whole models is what PyTorch makes of them with the arithmetic of DeepSeek's FP8 kernels (activations
 * in groups of 128, amax of at least 1e-4, powers of two rounded up, codes times codes, scales after) and with that of `int8`, put
 * under every product of transformers' models by tooling/fixtures/model/make_policies.py. Its texts keep away from the middle
 * between two codes, where the last bit of an activation decides: so the bound is that of sums, not of rounding to 8 bits.
 *
 * Mutations seen red: scales of activations not rounded to powers of two; groups of 64; no floor of 1e-4; activations inside an expert not rounded;
 * activations of bf16 weights rounded under `fp8`; kvB in 8 bits; 126 codes of a vector; blocks of 64.
 */
import { createReferenceBackend, createWasmBackend } from '@octoscale/backend-cpu'
import { type Backend, openCheckpoint, type Policy } from '@octoscale/tensor'
import { fileFolder } from '@octoscale/tensor/node'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../config/parse-config.ts'
import { loadModel } from '../load-model.ts'
import { type ArchitectureName, architectureNames } from '../testing/architecture-golden.ts'
import { decodeFloat32, goldenNames, goldenPath, readJson, relativeError } from '../testing/golden.ts'
import { mtpLogits } from '../testing/mtp-logits.ts'
import { watchRouting } from '../testing/watch-routing.ts'

/**
 * `max |a - b| / max |b|` over all positions and the vocabulary. Largest seen: 6e-7 (`fp8`), 8.9e-6 (`int8`). Rounding to E4M3 takes away
 * the noise of the sums before; `int8` keeps it, in the least value of each block.
 */
const bounds = { fp8: 2e-6, int8: 2e-5 }

const models = [...architectureNames.map((name) => `architectures/${name}`), ...goldenNames]
const inFp8 = models.filter((name) => name.includes('fp8'))
// A vector's least value stands for all small channels of a block in `int8`: what is left of them is noise.
const inInt8 = models.filter((name) => name !== 'fp8-wide-range')

const backends: readonly { name: string; create: (policy: Policy) => Promise<Backend> }[] = [
  { name: 'reference', create: async (policy) => createReferenceBackend({ policy }) },
  { name: 'wasm', create: (policy) => createWasmBackend({ policy }) },
]

interface Golden {
  readonly ids: readonly number[]
  readonly logitsBase64: string
  readonly routing: readonly (readonly (readonly number[])[])[]
  readonly unroundedError: number
  readonly mtpLogitsBase64?: string
}

async function run(
  name: string,
  backend: Backend,
  ids: readonly number[],
  maxBatch = 16,
): Promise<Float32Array> {
  const path = goldenPath(name)
  const config = parseConfig(await readJson(`${path}/config.json`))
  const checkpoint = await openCheckpoint(fileFolder(path))
  const model = await loadModel({ config, checkpoint, backend, maxBatch })
  const cache = model.createCache()
  return model.forward({ ids: [...ids], start: 0, cache, logits: 'all' })
}

describe.each(backends)('on $name', ({ create }) => {
  it.each([...inFp8.map((name) => ['fp8', name] as const), ...inInt8.map((name) => ['int8', name] as const)])(
    '%s of %s is the arithmetic of its kernels',
    async (policy, name) => {
      const golden = (await readJson(`${goldenPath(name)}/${policy}.json`)) as Golden
      const expected = decodeFloat32(golden.logitsBase64)
      // Far more is rounded away than the bound: it cannot be met without rounding.
      expect(golden.unroundedError).toBeGreaterThan(1000 * bounds[policy])
      for (const maxBatch of [16, 5, 1]) {
        const backend = await create(policy)
        const { backend: watched, chosen } = watchRouting(backend)
        const actual = await run(name, watched, golden.ids, maxBatch)
        expect(relativeError(actual, expected)).toBeLessThanOrEqual(bounds[policy])
        if (maxBatch === 16) expect(await Promise.all(chosen)).toEqual(golden.routing)
        backend.dispose()
      }
      if (golden.mtpLogitsBase64 === undefined) return
      const config = parseConfig(await readJson(`${goldenPath(name)}/config.json`))
      const folder = name.replace('architectures/', '') as ArchitectureName
      for (const piece of [15, 4]) {
        const actual = await mtpLogits(folder, config, golden.ids, await create(policy), piece)
        expect(relativeError(actual, decodeFloat32(golden.mtpLogitsBase64))).toBeLessThanOrEqual(
          bounds[policy],
        )
      }
    },
  )

  it.each(models.filter((name) => !name.includes('fp8')))(
    'fp8 of %s, which has no FP8 weights, is exact',
    async (name) => {
      const { ids } = (await readJson(`${goldenPath(name)}/int8.json`)) as Golden
      const [exact, fp8] = await Promise.all(
        (['exact', 'fp8'] as const).map(async (policy) => run(name, await create(policy), ids)),
      )
      expect(relativeError(fp8 as Float32Array, exact as Float32Array)).toBeLessThanOrEqual(bounds.fp8)
    },
  )
})
