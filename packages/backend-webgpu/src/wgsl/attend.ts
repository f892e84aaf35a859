/** The middle step of latent attention: scores, softmax and the mixture of cache rows, in one pass over the cache. */
import { cooperative } from './invocation.ts'
import type { Program } from './program.ts'
import { reduction } from './reduce.ts'

/** Lanes of a workgroup, and positions of a tile: each lane has one score of each tile. */
export const lanes = 64

/** Columns of the cache that are in workgroup memory at a time. A row there is one longer, against bank conflicts. */
const part = 16

/**
 * `mixed[t, h] = sum_s softmax(query[t, h] . cache[s]) * cache[s, :rank]` over `s <= positions[t]`, one workgroup for
 * each token and head.
 *
 * The softmax is streamed over tiles of 64 positions: `maximum` and `total` are of what was seen, and when a tile has a
 * larger score, what was summed so far is multiplied by `exp(old maximum - new maximum)`. Each lane sums `COLUMNS`
 * columns of the mixture, 64 apart.
 */
export const attendProgram: Program = {
  name: 'attend',
  index: { op: 'latentAttention', tensor: 'positions' },
  code: () => `
const LOWEST = -3.4028234e38;
var<workgroup> rows: array<f32, ${lanes * (part + 1)}>;
var<workgroup> shares: array<f32, ${lanes}>;

fn rows_seen(token: u32) -> u32 {
  let position = checked_index(token);
  return select(position + 1u, 0u, position == params.index_limit);
}

/** The score of position \`start + lane\` for the query at \`query_at\`; anything for lanes from \`present\` on. */
fn score(lane: u32, query_at: u32, start: u32, present: u32) -> f32 {
  var sum = 0.0;
  for (var first = 0u; first < params.width; first += ${part}u) {
    for (var k = lane; k < present * ${part}u; k += ${lanes}u) {
      let s = k / ${part}u;
      let column = k % ${part}u;
      if (first + column < params.width) {
        rows[s * ${part + 1}u + column] = cache((start + s) * params.width + first + column);
      }
    }
    workgroupBarrier();
    for (var i = 0u; i < min(${part}u, params.width - first); i++) {
      sum += query(query_at + first + i) * rows[lane * ${part + 1}u + i];
    }
    workgroupBarrier();
  }
  return sum;
}
${reduction('max', lanes)}
${reduction('sum', lanes)}
${cooperative(
  lanes,
  `let seen = rows_seen(item / params.heads);
  if (seen == 0u) { return; }
  var maximum = LOWEST;
  var total = 0.0;
  var sums: array<f32, COLUMNS>;
  for (var start = 0u; start < seen; start += LANES) {
    let present = min(LANES, seen - start);
    let own = score(lane, item * params.width, start, present);
    let larger = max(maximum, max_of_lanes(lane, select(LOWEST, own, lane < present)));
    let share = select(0.0, exp(own - larger), lane < present);
    let kept = exp(maximum - larger);
    total = total * kept + sum_of_lanes(lane, share);
    maximum = larger;
    shares[lane] = share;
    workgroupBarrier();
    for (var k = 0u; k < COLUMNS; k++) {
      let column = k * LANES + lane;
      if (column >= params.rank) { break; }
      var sum = sums[k] * kept;
      for (var s = 0u; s < present; s++) { sum += shares[s] * cache((start + s) * params.width + column); }
      sums[k] = sum;
    }
    workgroupBarrier();
  }
  for (var k = 0u; k < COLUMNS; k++) {
    let column = k * LANES + lane;
    if (column < params.rank) { set_mixed(item * params.rank + column, sums[k] / total); }
  }`,
)}`,
}
