/**
 * How fast the WASM backend multiplies matrices: `node --conditions=@octoscale/source src/bench/linear.ts`.
 *
 * The prediction counts 128-bit instructions (loads, stores, decoding, products, sums) per 16 weights and
 * divides the machine's instruction rate, which is measured first on the plainest case: f32 from the cache,
 * 64 tokens. A weight that is read from memory can be slower than predicted, one in the cache should not be.
 */
import { encodeArray, quantize, recipes } from '@octoscale/fp8-core'
import { allocTensor, type Backend, uploadWeight, type Weight, writeTensor } from '@octoscale/tensor'
import { createWasmBackend } from '../wasm/index.ts'

type Stored = 'f8_e4m3' | 'bf16' | 'f32'
const bytesPerWeight: Record<Stored, number> = { f8_e4m3: 1, bf16: 2, f32: 4 }
const shapes = [
  [256, 256],
  [768, 256],
  [2048, 2048],
] as const

/** Instructions for 16 weights: `once` for decoding them into the panel, then per token. */
function instructions(stored: Stored, tokens: number): number {
  // One token, in registers, four rows sharing the vector: loads 3, check 4, decode 12, products and sums 8;
  // bf16: loads 3, decode 4, products and sums 8.
  if (tokens === 1 && stored !== 'f32') return stored === 'f8_e4m3' ? 27 : 15
  const once = { f8_e4m3: 24, bf16: 14, f32: 0 }[stored]
  // Tile of 4 rows and 2 tokens: 6 loads and 16 operations for 32 products; 1 token: 5 and 8 for 16.
  return once + (tokens === 1 ? 13 : 11 * tokens)
}

/** Normally distributed weights, quantized by DeepSeek's recipe or rounded to bf16. */
function makeWeight(backend: Backend, stored: Stored, rows: number, columns: number): Weight {
  const values = Float32Array.from({ length: rows * columns }, normal)
  const shape = [rows, columns] as const
  if (stored === 'f8_e4m3')
    return uploadWeight(backend, quantize(values, shape, recipes.deepseekWeightUe8m0), 'weight')
  const weight = allocTensor(backend, stored, shape, 'weight')
  writeTensor(backend, weight, stored === 'f32' ? values : encodeArray(values, 'bf16'))
  return weight
}

/** Box-Muller. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}

/** Seconds for one call: the best of many short rounds, because other programs only ever make it slower. */
function secondsPerCall(
  backend: Backend,
  stored: Stored,
  rows: number,
  columns: number,
  tokens: number,
): number {
  const weight = makeWeight(backend, stored, rows, columns)
  const x = allocTensor(backend, 'f32', [tokens, columns], 'x')
  const out = allocTensor(backend, 'f32', [tokens, rows], 'out')
  const calls = Math.ceil(4e6 / (rows * columns * tokens))
  let best = Infinity
  for (let round = 0; round < 80; round++) {
    const start = performance.now()
    for (let i = 0; i < calls; i++) backend.ops.linear({ x, weight, out })
    best = Math.min(best, (performance.now() - start) / 1000 / calls)
  }
  for (const t of 'codes' in weight ? [weight.codes, weight.scales, x, out] : [weight, x, out]) {
    backend.free(t.buffer)
  }
  return best
}

const backend = await createWasmBackend({ threads: 1 })
const calibration = secondsPerCall(backend, 'f32', 64, 256, 64)
const rate = (((64 * 256) / 16) * instructions('f32', 64)) / calibration
console.log(`${(rate / 1e9).toFixed(1)} G vector instructions/s\n`)
console.log('weights   shape       tokens    GB/s  G weights/s  G MAC/s  predicted G MAC/s')
for (const stored of ['f8_e4m3', 'bf16', 'f32'] as const) {
  for (const [rows, columns] of shapes) {
    for (const tokens of [1, 8, 64]) {
      const seconds = secondsPerCall(backend, stored, rows, columns, tokens)
      const weights = (rows * columns) / seconds / 1e9
      const predicted = ((rate / instructions(stored, tokens)) * 16 * tokens) / 1e9
      const cells = [weights * bytesPerWeight[stored], weights, weights * tokens, predicted]
      const [gb, gw, mac, bound] = cells.map((value) => value.toFixed(2))
      console.log(
        `${stored.padEnd(9)} ${`${rows}x${columns}`.padEnd(11)} ${`${tokens}`.padStart(6)} ${gb!.padStart(7)} ${gw!.padStart(12)} ${mac!.padStart(8)} ${bound!.padStart(18)}`,
      )
    }
  }
}
backend.dispose()
