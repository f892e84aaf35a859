/**
 * How long attention takes: `node --conditions=@octoscale/source src/bench/attention.ts [threads] [grouped | latent | prefill]`.
 *
 * Decoding a token: every kind of cache at several lengths of the context, with the bytes of the cache that are read per
 * second. Prefill of latent attention at DeepSeek-V2-Lite's sizes: the absorbed and the expanded form. Both predictions
 * count multiplications; they take the rate that the longest context reaches in f32 (decode) or in the absorbed form.
 */
import { allocTensor, type Backend, bytesPerElement, type CacheTensor, writeTensor } from '@octoscale/tensor'
import { createWasmBackend } from '../wasm/index.ts'

type Stored = 'f32' | 'bf16' | 'f16' | 'f8_e4m3'
const kinds: readonly Stored[] = ['f32', 'bf16', 'f16', 'f8_e4m3']
const contexts = [128, 1024, 4096, 16384]
const bytesOf = (kind: Stored) => bytesPerElement(kind)

/** Latent attention of DeepSeek-V2-Lite. */
const [rank, rotated, nope, v, heads] = [512, 64, 128, 128, 16]
const width = rank + rotated

const threads = Number(process.argv[2] ?? 2)
const backend = await createWasmBackend({ threads })
console.log(backend.info.detail)
const only = process.argv[3]
if (only !== 'latent' && only !== 'prefill') {
  await decodeGrouped(8, 4, 128)
  await decodeGrouped(8, 4, 64)
}
if (only !== 'grouped' && only !== 'prefill') await decodeLatent()
if (only !== 'grouped' && only !== 'latent') await prefillLatent()
backend.dispose()

async function decodeGrouped(kvHeads: number, group: number, headDim: number): Promise<void> {
  console.log(`\nattention, one token, ${kvHeads * group} heads on ${kvHeads} of ${headDim}`)
  const row = kvHeads * headDim
  const heads = kvHeads * group
  await table((kind, context) => {
    const keys = cacheOf(backend, kind, context, row, [kvHeads, headDim])
    const values = cacheOf(backend, kind, context, row, [kvHeads, headDim])
    const q = filled(backend, [1, heads, headDim])
    const positions = range(backend, context - 1, 1)
    const out = allocTensor(backend, 'f32', [1, heads, headDim], 'out')
    const args = { q, keys, values, positions, scale: 0.1, out }
    return {
      run: () => backend.ops.attention(args),
      bytes: 2 * context * row * bytesOf(kind),
      products: 2 * context * heads * headDim,
      free: [q, positions, out, keys, values],
    }
  })
}

async function decodeLatent(): Promise<void> {
  console.log(`\nlatentAttention, one token, ${heads} heads`)
  const kvB = allocTensor(backend, 'bf16', [heads * (nope + v), rank], 'kvB')
  await table((kind, context) => {
    const cache = cacheOf(backend, kind, context, width, [width])
    const q = filled(backend, [1, heads, nope + rotated])
    const positions = range(backend, context - 1, 1)
    const out = allocTensor(backend, 'f32', [1, heads, v], 'out')
    const args = { q, kvB, cache, positions, scale: 0.1, out }
    return {
      run: () => backend.ops.latentAttention(args),
      bytes: context * width * bytesOf(kind),
      products: heads * (context * (width + rank) + rank * (nope + v)),
      free: [q, positions, out, cache],
    }
  })
  backend.free(kvB.buffer)
}

interface Measured {
  run(): void
  /** Of the cache. */
  readonly bytes: number
  readonly products: number
  readonly free: readonly CacheTensor[]
}

async function table(make: (kind: Stored, context: number) => Measured): Promise<void> {
  console.log('cache    context      ms  predicted    GB/s  G products/s')
  let rate = 0
  for (const kind of kinds) {
    for (const context of contexts.toReversed()) {
      const { run, bytes, products, free: used } = make(kind, context)
      const seconds = await best(run, Math.max(5, Math.floor(2e8 / products)))
      rate ||= products / seconds
      const text = [
        (seconds * 1e3).toFixed(3).padStart(7),
        ((products / rate) * 1e3).toFixed(3).padStart(9),
        (bytes / seconds / 1e9).toFixed(1).padStart(7),
        (products / seconds / 1e9).toFixed(1).padStart(12),
      ]
      console.log(`${kind.padEnd(8)} ${String(context).padStart(7)} ${text.join('  ')}`)
      for (const each of used) free(each)
    }
  }
}

async function prefillLatent(): Promise<void> {
  console.log(`\nlatentAttention, prefill, ${heads} heads, rank ${rank}, ${nope} + ${rotated} and ${v}`)
  console.log('tokens  context  absorbed ms  expanded ms  predicted   ratio  predicted')
  const kvB = allocTensor(backend, 'bf16', [heads * (nope + v), rank], 'kvB')
  for (const [tokens, context] of [
    [16, 4096],
    [64, 4096],
    [256, 256],
    [256, 1024],
    [256, 4096],
    [512, 512],
    [512, 4096],
  ] as const) {
    const cache = cacheOf(backend, 'f32', context, width, [width])
    const q = filled(backend, [tokens, heads, nope + rotated])
    const positions = range(backend, context - tokens, tokens)
    const out = allocTensor(backend, 'f32', [tokens, heads, v], 'out')
    const pages = range(backend, 0, 2)
    writeTensor(backend, pages, new Int32Array(2))
    const pageTable = { buffer: pages.buffer, dtype: 'i32', shape: [2, 1], offset: 0 } as const
    // Two names for one sequence, in turns: then every token is a run of its own, which is never expanded.
    const [one, two] = [0, 1].map((step) => {
      const sequences = range(backend, 0, tokens)
      writeTensor(
        backend,
        sequences,
        Int32Array.from({ length: tokens }, (_, t) => (t * step) % 2),
      )
      return { sequences, pages: pageTable, pageSize: context }
    })
    const args = { q, kvB, cache, positions, scale: 0.1, out }
    const expanded = await best(() => backend.ops.latentAttention({ ...args, paging: one }), 3)
    const absorbed = await best(() => backend.ops.latentAttention({ ...args, paging: two }), 3)
    const seen = tokens * (context - (tokens - 1) / 2)
    const products = seen * (2 * rank + rotated) + tokens * rank * (nope + v)
    const worth = Math.min(products, seen * (nope + rotated + v) + context * rank * (nope + v))
    const text = [
      (absorbed * 1e3).toFixed(0).padStart(11),
      (expanded * 1e3).toFixed(0).padStart(11),
      ((absorbed / products) * worth * 1e3).toFixed(0).padStart(9),
      (absorbed / expanded).toFixed(2).padStart(6),
      (products / worth).toFixed(2).padStart(9),
    ]
    console.log(`${String(tokens).padStart(6)}  ${String(context).padStart(7)}  ${text.join('  ')}`)
    for (const each of [cache, q, positions, out, pages, one!.sequences, two!.sequences]) free(each)
  }
  backend.free(kvB.buffer)
}

/** Seconds of a call, the best of some rounds: other programs only ever make it slower. */
async function best(run: () => void, calls: number): Promise<number> {
  const fence = allocTensor(backend, 'f32', [1], 'fence')
  let least = Infinity
  for (let round = 0; round < 5; round++) {
    await backend.read(fence.buffer)
    const start = performance.now()
    for (let i = 0; i < calls; i++) run()
    await backend.read(fence.buffer)
    least = Math.min(least, (performance.now() - start) / 1e3 / calls)
  }
  backend.free(fence.buffer)
  return least
}

/** Small numbers of both signs. */
function filled(on: Backend, shape: readonly number[]) {
  const made = allocTensor(on, 'f32', shape, 'x')
  const count = shape.reduce((product, size) => product * size, 1)
  writeTensor(
    on,
    made,
    Float32Array.from({ length: count }, (_, i) => Math.sin(i * i)),
  )
  return made
}

function cacheOf(
  on: Backend,
  kind: Stored,
  capacity: number,
  columns: number,
  row: readonly number[],
): CacheTensor {
  const shape = [capacity, ...row]
  const codes = allocTensor(on, kind, shape, 'cache')
  // Bytes of normal codes, small numbers in every kind.
  const bytes = Uint8Array.from({ length: capacity * columns * bytesOf(kind) }, (_, i) => 0x30 + (i % 8))
  on.write(codes.buffer, bytes)
  if (kind !== 'f8_e4m3') return codes
  const scales = allocTensor(on, 'f32', [capacity, Math.ceil(columns / 128)], 'scales')
  writeTensor(on, scales, new Float32Array(capacity * Math.ceil(columns / 128)).fill(1))
  return { codes, scales, block: [1, 128] }
}

function range(on: Backend, first: number, count: number) {
  const made = allocTensor(on, 'i32', [count], 'positions')
  writeTensor(
    on,
    made,
    Int32Array.from({ length: count }, (_, i) => first + i),
  )
  return made
}

function free(cache: CacheTensor): void {
  for (const { buffer } of 'codes' in cache ? [cache.codes, cache.scales] : [cache]) backend.free(buffer)
}
