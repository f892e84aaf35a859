import { cacheShape, type LatentAttentionArgs, rows, type Tensor, weightShape } from '@octoscale/tensor'
import { cacheRows } from '../cache-rows.ts'
import { multiply } from '../multiply.ts'
import { groupsOf, type Runtime } from '../runtime.ts'
import { attendProgram, lanes } from '../wgsl/attend.ts'
import { cacheUse } from '../wgsl/cache.ts'
import { cooperative } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { type WeightUse, weightUse } from '../wgsl/weight.ts'

/** Bytes of working memory for the queries of one chunk of tokens: it bounds what a long prompt takes. */
const CHUNK_BYTES = 2 ** 25

/** Tokens that share a reading of K. */
const TOGETHER = 4

/**
 * `query[t, h] = scale * [qNope . K | qRope]`: each lane sums one column r of K for `TOKENS` tokens, so that lanes read
 * neighbouring weights. Items are columns in 64s, then heads, then tokens in `TOKENS`.
 */
const absorbProgram = (weight: WeightUse): Program => ({
  name: `absorb query, ${weight.name}`,
  code: () =>
    weight.functions() +
    cooperative(
      lanes,
      `let column_tiles = (params.width + LANES - 1u) / LANES;
  let column = (item % column_tiles) * LANES + lane;
  let head = (item / column_tiles) % params.heads;
  let first = (item / column_tiles / params.heads) * TOKENS;
  if (column >= params.width) { return; }
  let q_width = params.nope + params.width - params.inputs;
  let last = params.tokens - 1u;
  var sums: array<f32, TOKENS>;
  if (column < params.inputs) {
    for (var n = 0u; n < params.nope; n++) {
      let k = weight_value(First(), head * params.head_rows + n, column);
      for (var t = 0u; t < TOKENS; t++) {
        sums[t] += q((min(first + t, last) * params.heads + head) * q_width + n) * k;
      }
    }
  } else {
    for (var t = 0u; t < TOKENS; t++) {
      let n = params.nope + column - params.inputs;
      sums[t] = q((min(first + t, last) * params.heads + head) * q_width + n);
    }
  }
  for (var t = 0u; t < TOKENS && first + t < params.tokens; t++) {
    set_query(((first + t) * params.heads + head) * params.width + column, params.scale * sums[t]);
  }`,
    ),
})

/**
 * Multi-head latent attention in the absorbed form, in three steps: `query = scale * [qNope . K | qRope]`,
 * `mixed = sum_s softmax(query . cache[s]) * c[s]`, `out = V . mixed`.
 */
export function latentAttention(runtime: Runtime, args: LatentAttentionArgs): void {
  const [tokens = 0, heads = 0] = args.q.shape
  const width = cacheShape(args.cache)[1]!
  const chunk = Math.max(1, Math.floor(CHUNK_BYTES / (4 * heads * width)))
  for (let start = 0; start < tokens; start += chunk) {
    const part = (t: Tensor): Tensor => rows(t, start, Math.min(chunk, tokens - start))
    const paging = args.paging && { ...args.paging, sequences: part(args.paging.sequences) }
    const chunkArgs = { q: part(args.q), positions: part(args.positions), out: part(args.out), paging }
    attendChunk(runtime, { ...args, ...chunkArgs })
  }
}

function attendChunk(runtime: Runtime, args: LatentAttentionArgs): void {
  const { q, kvB, cache, scale, out } = args
  const [tokens = 0, heads = 0, qWidth = 0] = q.shape
  const [, , v = 0] = out.shape
  const [capacity = 0, width = 0] = cacheShape(cache)
  const rank = weightShape(kvB)[1]!
  const nope = qWidth - (width - rank)
  const query = runtime.scratch('queries', 'f32', [tokens, heads, width])
  const mixed = runtime.scratch('mixed latents', 'f32', [tokens, heads, rank])

  const weight = weightUse(kvB)
  const together = Math.min(TOGETHER, tokens)
  const count = groupsOf(width, lanes) * heads * Math.ceil(tokens / together)
  runtime.run({
    program: absorbProgram(weight),
    tensors: { q: reads(q), ...weight.tensors, query: writes(query) },
    numbers: { count, tokens, heads, nope, width, head_rows: nope + v, ...weight.numbers },
    floats: { scale },
    constants: { TOKENS: together },
    workgroups: count,
  })
  const rows = cacheRows(runtime, 'latentAttention', args, capacity)
  const [keys, values] = [cacheUse('keys', cache), cacheUse('values', cache)]
  const sizes = { heads, group: heads, width, value_width: rank }
  runtime.run({
    program: attendProgram(rows, keys, values),
    tensors: {
      query: reads(query),
      ...keys.tensors,
      ...values.tensors,
      ...rows.tensors,
      mixed: writes(mixed),
    },
    numbers: { count: tokens * heads, ...sizes, ...keys.numbers, ...values.numbers, ...rows.numbers },
    // The query has it already.
    floats: { scale: 1 },
    constants: { COLUMNS: groupsOf(rank, lanes) },
    workgroups: tokens * heads,
  })
  multiply(runtime, mixed, kvB, out, { heads, outputs: v, firstRow: nope, rowStep: nope + v })
}
