/**
 * What 64-bit addresses cost: the same operations in a memory of either kind, in turns, on one thread.
 * `node --conditions=@octoscale/source src/bench/memory64.ts`. The best of many rounds: other programs only slow it down.
 */
import { quantize, recipes } from '@octoscale/fp8-core'
import { allocTensor, type Backend, type Policy, uploadWeight, writeTensor } from '@octoscale/tensor'
import { createWasmBackend } from '../wasm/index.ts'

const ROUNDS = 60

function linear(backend: Backend, tokens: number): () => void {
  const [rows, columns] = [1024, 1024]
  const values = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(i * 0.37) * 0.05)
  const weight = uploadWeight(
    backend,
    quantize(values, [rows, columns], recipes.deepseekWeightUe8m0),
    'weight',
  )
  const x = allocTensor(backend, 'f32', [tokens, columns], 'x')
  writeTensor(
    backend,
    x,
    Float32Array.from({ length: tokens * columns }, (_, i) => Math.cos(i * 0.11)),
  )
  const out = allocTensor(backend, 'f32', [tokens, rows], 'out')
  return () => backend.ops.linear({ x, weight, out })
}

function attention(backend: Backend, context: number): () => void {
  const [heads, kvHeads, headDim] = [16, 8, 64]
  const q = allocTensor(backend, 'f32', [1, heads, headDim], 'q')
  const keys = allocTensor(backend, 'f32', [context, kvHeads, headDim], 'keys')
  const values = allocTensor(backend, 'f32', [context, kvHeads, headDim], 'values')
  const positions = allocTensor(backend, 'i32', [1], 'positions')
  writeTensor(backend, positions, Int32Array.of(context - 1))
  const out = allocTensor(backend, 'f32', [1, heads, headDim], 'out')
  return () => backend.ops.attention({ q, keys, values, positions, scale: 0.125, out })
}

const cases: readonly (readonly [string, Policy, (backend: Backend) => () => void])[] = [
  ['linear int8, 1 token', 'int8', (backend) => linear(backend, 1)],
  ['linear int8, 64 tokens', 'int8', (backend) => linear(backend, 64)],
  ['linear exact (E4M3), 1 token', 'exact', (backend) => linear(backend, 1)],
  ['linear exact (E4M3), 64 tokens', 'exact', (backend) => linear(backend, 64)],
  ['attention, context 1024', 'exact', (backend) => attention(backend, 1024)],
  ['attention, context 16384', 'exact', (backend) => attention(backend, 16384)],
]

console.log('| operation | 32-bit, us | 64-bit, us | ratio |\n|---|---|---|---|')
for (const [name, policy, make] of cases) {
  const backends = await Promise.all(
    [0, 4 * 2 ** 30].map((memoryBytes) => createWasmBackend({ policy, threads: 1, memoryBytes })),
  )
  const runs = backends.map(make)
  const best = runs.map(() => Infinity)
  for (let round = 0; round < ROUNDS; round++) {
    runs.forEach((run, i) => {
      const start = performance.now()
      let calls = 0
      for (; performance.now() - start < 5; calls++) run()
      best[i] = Math.min(best[i]!, ((performance.now() - start) * 1000) / calls)
    })
  }
  const [narrow = 0, wide = 0] = best
  console.log(`| ${name} | ${narrow.toFixed(1)} | ${wide.toFixed(1)} | ${(wide / narrow).toFixed(2)} |`)
  for (const backend of backends) backend.dispose()
}
