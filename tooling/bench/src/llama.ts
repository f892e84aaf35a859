/** A synthetic Llama of 369 M parameters, for benchmarks: its sizes, and its forward pass as operations of a backend. */
import {
  allocTensor,
  type Backend,
  type DType,
  readFloat32,
  rows,
  type Tensor,
  type Weight,
  writeTensor,
} from '@octoscale/tensor'
import type { Runner } from './contestant.ts'

export const llama = {
  hidden: 1024,
  layers: 24,
  heads: 16,
  kvHeads: 8,
  headDim: 64,
  intermediate: 3072,
  vocabulary: 32768,
} as const

/** Weights that a token multiplies with, all but the embedding. */
export const multiplied: number =
  llama.layers * llama.hidden * (2 * llama.hidden + 2 * kvWidth() + 3 * llama.intermediate) +
  llama.vocabulary * llama.hidden

function kvWidth(): number {
  return llama.kvHeads * llama.headDim
}

/** Weights in E4M3 with scales for 128 x 128, of values that do not matter to speed: normal codes of both signs. */
export function createRunner(backend: Backend, batch: number, context: number): Runner {
  const { hidden, layers, heads, kvHeads, headDim, intermediate, vocabulary } = llama
  const make = (dtype: DType, shape: readonly number[]): Tensor => allocTensor(backend, dtype, shape, 'bench')
  const codes = Uint8Array.from(
    { length: 1 << 20 },
    (_, i) => 0x20 + ((i * 2654435761) >>> 27) + 128 * (i & 1),
  )
  const weight = (outputs: number, inputs: number): Weight => {
    const made = make('f8_e4m3', [outputs, inputs])
    for (let at = 0; at < outputs * inputs; at += codes.length) {
      backend.write(made.buffer, codes.subarray(0, Math.min(codes.length, outputs * inputs - at)), at)
    }
    const scales = make('f32', [Math.ceil(outputs / 128), Math.ceil(inputs / 128)])
    writeTensor(backend, scales, new Float32Array(scales.shape[0]! * scales.shape[1]!).fill(2 ** -6))
    return { codes: made, scales, block: [128, 128] }
  }
  const norm = make('f32', [hidden])
  writeTensor(backend, norm, new Float32Array(hidden).fill(1))
  const table = make('f32', [context, headDim / 2, 2])
  const kv = kvWidth()
  const all = Array.from({ length: layers }, () => ({
    q: weight(hidden, hidden),
    k: weight(kv, hidden),
    v: weight(kv, hidden),
    o: weight(hidden, hidden),
    gate: weight(intermediate, hidden),
    up: weight(intermediate, hidden),
    down: weight(hidden, intermediate),
    keys: make('f32', [context, kvHeads, headDim]),
    values: make('f32', [context, kvHeads, headDim]),
  }))
  const [head, embedding] = [weight(vocabulary, hidden), make('bf16', [vocabulary, hidden])]
  const wide = (width: number): Tensor => make('f32', [batch, width])
  const [residual, addition, normed, q, k, v] = [hidden, hidden, hidden, hidden, kv, kv].map(wide) as Six
  const [attended, gate, up] = [wide(hidden), wide(intermediate), wide(intermediate)]
  const [ids, positions] = [make('i32', [batch]), make('i32', [batch])]
  const logits = make('f32', [1, vocabulary])

  const forward = async (given: readonly number[], first: number): Promise<number> => {
    const { ops } = backend
    const n = given.length
    const take = (t: Tensor): Tensor => rows(t, 0, n)
    const split = (t: Tensor, count: number): Tensor => ({ ...t, shape: [n, count, headDim] })
    writeTensor(backend, take(ids), Int32Array.from(given))
    writeTensor(
      backend,
      take(positions),
      Int32Array.from(given, (_, i) => first + i),
    )
    const [x, at] = [take(normed), take(positions)]
    const epsilon = 1e-6
    ops.embed({ ids: take(ids), table: embedding, out: take(residual) })
    all.forEach((layer, i) => {
      const again = { x: take(addition), residual: take(residual), weight: norm, epsilon, out: x }
      if (i === 0) ops.rmsNorm({ x: take(residual), weight: norm, epsilon, out: x })
      else ops.rmsNorm(again)
      ops.linear({ x, weight: layer.q, out: take(q) })
      ops.linear({ x, weight: layer.k, out: take(k) })
      ops.linear({ x, weight: layer.v, out: take(v) })
      const [query, key] = [split(q, heads), split(k, kvHeads)]
      ops.rope({ pairs: 'halves', x: query, positions: at, table })
      ops.rope({ pairs: 'halves', x: key, positions: at, table })
      const { keys, values } = layer
      ops.writeKv({ k: key, v: split(v, kvHeads), positions: at, keys, values })
      ops.attention({ q: query, keys, values, positions: at, scale: 0.125, out: split(attended, heads) })
      ops.linear({ x: take(attended), weight: layer.o, out: take(addition) })
      ops.rmsNorm(again)
      ops.linear({ x, weight: layer.gate, out: take(gate) })
      ops.linear({ x, weight: layer.up, out: take(up) })
      ops.siluMul({ gate: take(gate), up: take(up), out: take(gate) })
      ops.linear({ x: take(gate), weight: layer.down, out: take(addition) })
    })
    const end = { x: take(addition), residual: take(residual), weight: norm, epsilon, out: x }
    ops.rmsNorm(end)
    ops.linear({ x: rows(x, n - 1, 1), weight: head, out: logits })
    const values = await readFloat32(backend, logits)
    let best = 0
    for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i
    return best
  }
  let last = 0
  return {
    async prefill(given) {
      last = await forward(given, 0)
    },
    async generate(count, position) {
      for (let i = 0; i < count; i++) last = await forward([last], position + i)
    },
  }
}

type Six = [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
