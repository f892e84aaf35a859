/**
 * Matrix products, `out[p, o] = sum_i x[p / x_share, i] * weight[first_row + o, i]`: one program for a single row of x
 * and one for many. Who the rows are is left to two functions, which the caller gives:
 *
 * `fn find_work(index: u32) -> Work`, piece `index` of `params.pieces`: at most `TILE` places with one weight, none if
 * `count` is 0; `fn place(work: Work, i: u32) -> u32`, the i-th of its places.
 */
const work = `
struct Work { count: u32, start: u32, first_row: u32, first: First }
`

/** Lanes of the vector program: as many as the narrowest GPUs run in step, so that its barriers cost little. */
const LANES = 32

/** Rows of the weight that a workgroup of the vector program multiplies. */
const VECTOR_ROWS = 8

/** Rows of the weight in a tile. */
const TILE_ROWS = 32

/** Columns of a tile. More would save barriers and take workgroup memory, which some drivers are slow to set up. */
const STEP = 16

/** Rows of x in a tile: 8 where that is enough. 1 is the vector program. */
export function tileOf(rows: number): 1 | 8 | 32 {
  return rows === 1 ? 1 : rows <= 8 ? 8 : 32
}

/** Workgroups for `pieces` pieces of work. */
export function productGroups(pieces: number, tile: number, outputs: number): number {
  return pieces * Math.ceil(outputs / (tile === 1 ? VECTOR_ROWS : TILE_ROWS))
}

export function matrixProduct(tile: 1 | 8 | 32): string {
  return work + (tile === 1 ? vectorProgram : tileProgram(tile))
}

/** Written out, not looped over: what a variable index points at, not every driver keeps in registers. */
const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n  ')

const entry = (lanes: number, rows: number): string => `
@compute @workgroup_size(${lanes})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) workgroups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let row_tiles = (params.outputs + ${rows - 1}u) / ${rows}u;
  let flat = flat_workgroup(workgroup, workgroups);
  if (flat >= row_tiles * params.pieces) { return; }
  let own = find_work(flat / row_tiles);
  if (own.count == 0u) { return; }
  let first = (flat % row_tiles) * ${rows}u;
`

/**
 * Each weight is read once: lanes go over the columns four by four, side by side, for 8 rows at a time. Then 4 lanes
 * add up the sums of each row, and one lane theirs.
 */
const vectorProgram = `
const TILE = 1u;
var<workgroup> parts: array<f32, ${VECTOR_ROWS * LANES}>;
var<workgroup> quarters: array<f32, ${LANES}>;

fn dot_inside(a: vec4f, b: vec4f, inside: vec4<bool>) -> f32 {
  let products = select(vec4f(), a * b, inside);
  return (products.x + products.y) + (products.z + products.w);
}
${entry(LANES, VECTOR_ROWS)}
  let p = place(own, 0u);
  let start = (p / params.x_share) * params.inputs;
  var sums: array<f32, ${VECTOR_ROWS}>;
  for (var c = lane * 4u; c < params.inputs; c += ${4 * LANES}u) {
    let inside = vec4u(c) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.inputs);
    let values = x4(start + c);
    for (var r = 0u; r < ${VECTOR_ROWS}u; r++) {
      let row = own.first_row + min(first + r, params.outputs - 1u);
      sums[r] += dot_inside(four_weights(own.first, row, c), values, inside);
    }
  }
  for (var r = 0u; r < ${VECTOR_ROWS}u; r++) { parts[r * ${LANES}u + lane] = sums[r]; }
  workgroupBarrier();
  var quarter = 0.0;
  for (var i = 0u; i < 8u; i++) { quarter += parts[lane * 8u + i]; }
  quarters[lane] = quarter;
  workgroupBarrier();
  if (lane < ${VECTOR_ROWS}u && first + lane < params.outputs) {
    let at = lane * 4u;
    let sum = (quarters[at] + quarters[at + 1u]) + (quarters[at + 2u] + quarters[at + 3u]);
    set_out(p * params.outputs + first + lane, sum);
  }
}`

/**
 * 32 rows of the weight by `tile` rows of x, 16 columns at a time through workgroup memory: each weight is decoded once
 * per tile. 8 x 4 lanes, each with 4 rows of the weight and `tile / 4` rows of x: much work between two barriers.
 */
function tileProgram(tile: number): string {
  const each = tile / 4
  return `
const TILE = ${tile}u;
const EACH = ${each}u;
/** [column][row], so that neighbouring lanes read neighbouring words. */
var<workgroup> weights: array<f32, ${STEP * TILE_ROWS}>;
var<workgroup> inputs: array<f32, ${STEP * tile}>;

fn inside(values: vec4f, column: u32) -> vec4f {
  return select(vec4f(), values, vec4u(column) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.inputs));
}
fn store(own: Work, row: u32, i: u32, sum: vec4f) {
  if (i >= own.count) { return; }
  let to = place(own, i) * params.outputs + row;
  if (row < params.outputs) { set_out(to, sum.x); }
  if (row + 1u < params.outputs) { set_out(to + 1u, sum.y); }
  if (row + 2u < params.outputs) { set_out(to + 2u, sum.z); }
  if (row + 3u < params.outputs) { set_out(to + 3u, sum.w); }
}
${entry(LANES, TILE_ROWS)}
  let lane_row = (lane / 4u) * 4u;
  let lane_place = (lane % 4u) * EACH;
  ${lines(each, (i) => `var sum${i} = vec4f();`)}
  for (var start = 0u; start < params.inputs; start += ${STEP}u) {
    for (var four = lane; four < ${TILE_ROWS * (STEP / 4)}u; four += ${LANES}u) {
      let row = four / ${STEP / 4}u;
      let c = (four % ${STEP / 4}u) * 4u;
      var values = vec4f();
      if (first + row < params.outputs) {
        values = inside(four_weights(own.first, own.first_row + first + row, start + c), start + c);
      }
      ${lines(4, (i) => `weights[(c + ${i}u) * ${TILE_ROWS}u + row] = values[${i}];`)}
    }
    for (var four = lane; four < TILE * ${STEP / 4}u; four += ${LANES}u) {
      let i = four / ${STEP / 4}u;
      let c = (four % ${STEP / 4}u) * 4u;
      var values = vec4f();
      if (i < own.count) {
        values = inside(x4((place(own, i) / params.x_share) * params.inputs + start + c), start + c);
      }
      ${lines(4, (k) => `inputs[(c + ${k}u) * TILE + i] = values[${k}];`)}
    }
    workgroupBarrier();
    for (var c = 0u; c < ${STEP}u; c++) {
      let at = c * ${TILE_ROWS}u + lane_row;
      let column = vec4f(weights[at], weights[at + 1u], weights[at + 2u], weights[at + 3u]);
      let place_at = c * TILE + lane_place;
      ${lines(each, (i) => `sum${i} += column * inputs[place_at + ${i}u];`)}
    }
    workgroupBarrier();
  }
  ${lines(each, (i) => `store(own, first + lane_row, lane_place + ${i}u, sum${i});`)}
}`
}
