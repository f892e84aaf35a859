import { cacheShape, isBlockScaled, type WriteLatentArgs } from '@octoscale/tensor'
import { type CacheRows, cacheRows } from '../cache-rows.ts'
import type { Runtime } from '../runtime.ts'
import { storeRows } from '../store-rows.ts'
import { cooperative } from '../wgsl/invocation.ts'
import { type Program, reads, writes } from '../wgsl/program.ts'
import { reduction } from '../wgsl/reduce.ts'

const lanes = 64

/**
 * One workgroup per token. The sum is made by all lanes, also for a position that is refused. `inPlace`: `cache` is the
 * cache; else a row for each token.
 */
const program = (rows: CacheRows, inPlace: boolean): Program => ({
  name: `write${inPlace ? '' : ' aside'}, ${rows.name}`,
  index: rows.index,
  code: () =>
    rows.functions +
    reduction('sum', lanes) +
    cooperative(
      lanes,
      `let width = params.rank + 2u * params.half_dim;
  let source = item * width;
  var squares = 0.0;
  for (var i = lane; i < params.rank; i += LANES) { squares += kv(source + i) * kv(source + i); }
  let mean = sum_of_lanes(lane, squares) / f32(params.rank);
  let factor = 1.0 / sqrt(mean + params.epsilon);

  let seen = seen_by(item);
  if (seen == 0u) { return; }
  let position = seen - 1u;
  let row = ${inPlace ? 'row_of(item, position)' : 'item'} * width;
  for (var i = lane; i < params.rank; i += LANES) {
    set_cache(row + i, weight(i) * kv(source + i) * factor);
  }
  for (var pair = lane; pair < params.half_dim; pair += LANES) {
    let angle = 2u * (position * params.half_dim + pair);
    let at = params.rank + 2u * pair;
    let a = kv(source + at);
    let b = kv(source + at + 1u);
    set_cache(row + at, a * angles(angle) - b * angles(angle + 1u));
    set_cache(row + at + 1u, a * angles(angle + 1u) + b * angles(angle));
  }`,
    ),
})

/** `cache[row(t, positions[t])] = [rmsNorm(latent) | rope(key)]` with `kv[t] = [latent (rank) | key (2 * halfDim)]`. */
export function writeLatent(runtime: Runtime, args: WriteLatentArgs): void {
  const { kv, weight, epsilon, table, cache } = args
  const [tokens = 0] = kv.shape
  const [rank = 0] = weight.shape
  const [maxPositions = 0, half_dim = 0] = table.shape
  const [capacity = 0, width = 0] = cacheShape(cache)
  const rows = cacheRows(runtime, 'writeLatent', args, capacity, maxPositions)
  // What has fewer bits is rounded in a second step, from rows in f32.
  const inPlace = !isBlockScaled(cache) && cache.dtype === 'f32'
  const target = inPlace ? cache : runtime.scratch('latent rows', 'f32', [tokens, width])
  runtime.run({
    program: program(rows, inPlace),
    tensors: {
      kv: reads(kv),
      weight: reads(weight),
      ...rows.tensors,
      angles: reads(table),
      cache: writes(target),
    },
    numbers: { count: tokens, rank, half_dim, ...rows.numbers },
    floats: { epsilon },
    workgroups: tokens,
  })
  if (!inPlace) storeRows(runtime, target, cache, rows)
}
