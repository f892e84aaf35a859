/** Scores, softmax and the mixture of cache rows, in one pass over the cache: what both kinds of attention end with. */
import type { CacheRows } from '../cache-rows.ts'
import type { CacheUse } from './cache.ts'
import { cooperative } from './invocation.ts'
import type { Program } from './program.ts'
import { reduction } from './reduce.ts'

/** Lanes of a workgroup, and positions of a tile: each lane has one score of each tile. */
export const lanes = 64

/** Columns of the keys that are in workgroup memory at a time. A row there is one longer, against bank conflicts. */
const part = 16

/**
 * `mixed[t, h] = sum_s softmax(scale * query[t, h] . keys[s, g])[s] * values[s, g]` over the rows s that token t sees, with
 * `g = h / group`; one workgroup for each token and head. In a row of the keys that of group g begins at `g * width`; in a row
 * of the values at `g * value_width`.
 *
 * The softmax is streamed over tiles of 64 positions: `maximum` and `total` are of what was seen, and when a tile has a
 * larger score, what was summed so far is multiplied by `exp(old maximum - new maximum)`. Each lane sums `COLUMNS`
 * columns of the mixture, 64 apart.
 */
export const attendProgram = (rows: CacheRows, keys: CacheUse, values: CacheUse): Program => ({
  name: `attend, ${rows.name}, ${keys.kind}`,
  index: rows.index,
  code: () => `${rows.functions}${keys.functions}${values.functions}
const LOWEST = -3.4028234e38;
var<workgroup> rows: array<f32, ${lanes * (part + 1)}>;
var<workgroup> places: array<u32, ${lanes}>;
var<workgroup> shares: array<f32, ${lanes}>;
var<workgroup> count_seen: u32;

/** The score of this lane's row of the tile for the query at \`query_at\`; anything for lanes from \`present\` on. */
fn score(lane: u32, query_at: u32, key_at: u32, present: u32) -> f32 {
  var sum = 0.0;
  for (var first = 0u; first < params.width; first += ${part}u) {
    for (var k = lane; k < present * ${part}u; k += ${lanes}u) {
      let s = k / ${part}u;
      let column = k % ${part}u;
      if (first + column < params.width) {
        rows[s * ${part + 1}u + column] = keys_value(places[s], key_at + first + column);
      }
    }
    workgroupBarrier();
    for (var i = 0u; i < min(${part}u, params.width - first); i++) {
      sum += query(query_at + first + i) * rows[lane * ${part + 1}u + i];
    }
    workgroupBarrier();
  }
  return params.scale * sum;
}
${reduction('max', lanes)}
${reduction('sum', lanes)}
${cooperative(
  lanes,
  `let token = item / params.heads;
  let group = (item % params.heads) / params.group;
  let key_at = group * params.width;
  let value_at = group * params.value_width;
  // The same for all lanes, and the compiler must know it: the indices may lie in a buffer that is written.
  if (lane == 0u) { count_seen = seen_by(token); }
  let seen = workgroupUniformLoad(&count_seen);
  if (seen == 0u) { return; }
  var maximum = LOWEST;
  var total = 0.0;
  var sums: array<f32, COLUMNS>;
  for (var start = 0u; start < seen; start += LANES) {
    let present = min(LANES, seen - start);
    if (lane < present) { places[lane] = row_of(token, start + lane); }
    workgroupBarrier();
    let own = score(lane, item * params.width, key_at, present);
    let larger = max(maximum, max_of_lanes(lane, select(LOWEST, own, lane < present)));
    let share = select(0.0, exp(own - larger), lane < present);
    let kept = exp(maximum - larger);
    total = total * kept + sum_of_lanes(lane, share);
    maximum = larger;
    shares[lane] = share;
    workgroupBarrier();
    for (var k = 0u; k < COLUMNS; k++) {
      let column = k * LANES + lane;
      if (column >= params.value_width) { break; }
      var sum = sums[k] * kept;
      for (var s = 0u; s < present; s++) {
        sum += shares[s] * values_value(places[s], value_at + column);
      }
      sums[k] = sum;
    }
    workgroupBarrier();
  }
  for (var k = 0u; k < COLUMNS; k++) {
    let column = k * LANES + lane;
    if (column < params.value_width) { set_mixed(item * params.value_width + column, sums[k] / total); }
  }`,
)}`,
})
