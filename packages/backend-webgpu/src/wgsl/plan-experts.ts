/** Which tokens each expert gets, worked out on the device: a sort of places by expert, and tiles of it. */
import type { Program } from './program.ts'

const lanes = 256

/**
 * One workgroup. A place is `t * topK + k`. `plan` receives, after each other: for each expert its first place and
 * its first tile (2 * experts), the places in the order of their experts, and for each of `params.pieces` tiles
 * `[expert, first, count]`: places `first .. first + count - 1` of that order; unused tiles have count 0.
 * Places with a bad index are left out. A lane looks through all places for its experts, so that the order is fixed.
 */
export const planProgram: Program = {
  name: 'plan experts',
  index: { op: 'moe', tensor: 'indices' },
  code: () => `
@compute @workgroup_size(${lanes})
fn main(@builtin(local_invocation_index) lane: u32) {
  let order_at = 2u * params.experts;
  let tiles_at = order_at + params.places;
  for (var p = lane; p < params.places; p += ${lanes}u) { _ = checked_index(p); }
  for (var e = lane; e < params.experts; e += ${lanes}u) {
    var chosen = 0u;
    for (var p = 0u; p < params.places; p++) { chosen += select(0u, 1u, u32(indices(p)) == e); }
    set_plan_bits(2u * e, chosen);
  }
  storageBarrier();
  if (lane == 0u) {
    var places = 0u;
    var tiles = 0u;
    for (var e = 0u; e < params.experts; e++) {
      let chosen = plan_bits(2u * e);
      set_plan_bits(2u * e, places);
      set_plan_bits(2u * e + 1u, tiles);
      places += chosen;
      tiles += (chosen + params.tile - 1u) / params.tile;
    }
    for (var tile = tiles; tile < params.pieces; tile++) { set_plan_bits(tiles_at + 3u * tile + 2u, 0u); }
  }
  storageBarrier();
  for (var e = lane; e < params.experts; e += ${lanes}u) {
    let first = plan_bits(2u * e);
    var end = first;
    for (var p = 0u; p < params.places; p++) {
      if (u32(indices(p)) == e) {
        set_plan_bits(order_at + end, p);
        end++;
      }
    }
    var tile = tiles_at + 3u * plan_bits(2u * e + 1u);
    for (var start = first; start < end; start += params.tile) {
      set_plan_bits(tile, e);
      set_plan_bits(tile + 1u, start);
      set_plan_bits(tile + 2u, min(params.tile, end - start));
      tile += 3u;
    }
  }
}`,
}
