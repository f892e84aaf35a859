/**
 * How fast this machine's GPU multiplies matrices: `node --conditions=@octoscale/source src/bench/linear.ts`.
 *
 * Each figure is the best of several rounds of calls recorded together (of one call, if it is slow), from the first call until the result is read:
 * so it has the cost of recording and submitting in it, as a model has.
 */
import { encodeArray, quantize, recipes } from '@octoscale/fp8-core'
import { allocTensor, type Backend, uploadWeight, type Weight, writeTensor } from '@octoscale/tensor'
import { createWebgpuBackend } from '../index.ts'

type Stored = 'f8_e4m3' | 'bf16' | 'f32'
const bytesPerWeight: Record<Stored, number> = { f8_e4m3: 1, bf16: 2, f32: 4 }
const shapes = [
  [256, 256],
  [1024, 1024],
  [2048, 2048],
] as const

function makeWeight(backend: Backend, stored: Stored, rows: number, columns: number): Weight {
  const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i))
  const shape = [rows, columns] as const
  if (stored === 'f8_e4m3')
    return uploadWeight(backend, quantize(values, shape, recipes.deepseekWeightUe8m0), 'weight')
  const weight = allocTensor(backend, stored, shape, 'weight')
  writeTensor(backend, weight, stored === 'f32' ? values : encodeArray(values, 'bf16'))
  return weight
}

/** Seconds for one call. */
async function secondsPerCall(
  backend: Backend,
  stored: Stored,
  [rows, columns]: readonly [number, number],
  tokens: number,
): Promise<number> {
  const weight = makeWeight(backend, stored, rows, columns)
  const x = allocTensor(backend, 'f32', [tokens, columns], 'x')
  const out = allocTensor(backend, 'f32', [tokens, rows], 'out')
  const run = async (calls: number): Promise<number> => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) backend.ops.linear({ x, weight, out })
    await backend.read(out.buffer, 0, 4)
    return (performance.now() - start) / 1000
  }
  // The first call compiles the shader; the second tells how many fill a round of about 50 ms.
  await run(1)
  let best = await run(1)
  const calls = Math.max(1, Math.min(500, Math.floor(0.05 / best)))
  const rounds = best > 0.25 ? 0 : 5
  for (let round = 0; round < rounds; round++) best = Math.min(best, (await run(calls)) / calls)
  for (const t of 'codes' in weight ? [weight.codes, weight.scales, x, out] : [weight, x, out]) {
    backend.free(t.buffer)
  }
  return best
}

const backend = await createWebgpuBackend()
console.log(`${backend.info.detail}\n`)
console.log('weights   shape       tokens  microseconds     GB/s  G MAC/s')
for (const stored of ['f8_e4m3', 'bf16', 'f32'] as const) {
  for (const shape of shapes) {
    for (const tokens of [1, 8, 64]) {
      const seconds = await secondsPerCall(backend, stored, shape, tokens)
      const weights = (shape[0] * shape[1]) / seconds / 1e9
      const cells = [seconds * 1e6, weights * bytesPerWeight[stored], weights * tokens]
      const [time, gb, mac] = cells.map((value) => value.toFixed(2))
      console.log(
        `${stored.padEnd(9)} ${shape.join('x').padEnd(11)} ${`${tokens}`.padStart(6)} ${time!.padStart(13)} ${gb!.padStart(8)} ${mac!.padStart(8)}`,
      )
    }
  }
}
backend.dispose()
