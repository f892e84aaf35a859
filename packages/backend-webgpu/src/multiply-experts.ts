/** Matrix products in which each place (token t, choice k) has the weight of the expert that it chose. */
import { type Tensor, weightShape } from '@octoscale/tensor'
import { type PartOfExperts, TABLE_COLUMNS } from './expert-weights.ts'
import type { Runtime } from './runtime.ts'
import { matrixProduct, productGroups } from './wgsl/matrix-product.ts'
import { planProgram } from './wgsl/plan-experts.ts'
import { reads, writes } from './wgsl/program.ts'
import { weightUse } from './wgsl/weight.ts'

/** How places are spread over workgroups: one by one, or in tiles of one expert. */
export interface ExpertPlan {
  readonly tile: 1 | 8 | 32
  /** Places or tiles. */
  readonly pieces: number
  /** What `find_work` reads: the chosen experts, or the result of `planProgram`. */
  readonly source: Tensor
  readonly experts: number
  readonly places: number
}

/** For one token each place has an expert of its own; more tokens are sorted by expert. */
export function planExperts(runtime: Runtime, indices: Tensor, experts: number): ExpertPlan {
  const [tokens = 0, topK = 0] = indices.shape
  const places = tokens * topK
  if (tokens === 1) return { tile: 1, pieces: places, source: indices, experts, places }
  const tile = places / experts <= 8 ? 8 : 32
  // Each expert fills all its tiles but the last.
  const pieces = Math.min(places, Math.floor(places / tile) + experts)
  const source = runtime.scratch('plan of experts', 'i32', [2 * experts + places + 3 * pieces])
  runtime.run({
    program: planProgram,
    tensors: { indices: reads(indices), plan: writes(source) },
    numbers: { experts, places, tile, pieces, index_limit: experts },
    workgroups: 1,
  })
  return { tile, pieces, source, experts, places }
}

const ofExpert = `
fn work_of(expert: u32, count: u32, start: u32) -> Work {
  let row = expert * ${TABLE_COLUMNS}u;
  if (table_bits(row) != params.group) { return Work(); }
  return Work(count, start, 0u, First(table_bits(row + 1u), table_bits(row + 2u), table_bits(row + 3u)));
}
`

const findPlace = `${ofExpert}
fn find_work(index: u32) -> Work {
  let expert = checked_index(index);
  if (expert == params.index_limit) { return Work(); }
  return work_of(expert, 1u, index);
}
fn place(work: Work, i: u32) -> u32 { return work.start; }
`

const findTile = `${ofExpert}
fn find_work(index: u32) -> Work {
  let at = 2u * params.index_limit + params.places + 3u * index;
  let count = indices_bits(at + 2u);
  if (count == 0u) { return Work(); }
  return work_of(indices_bits(at), count, indices_bits(at + 1u));
}
fn place(work: Work, i: u32) -> u32 { return indices_bits(2u * params.index_limit + work.start + i); }
`

/** `out[p] = weight of the expert of place p, times x[p / share]`; x `[places / share, inputs]`, out `[places, outputs]`. */
export function multiplyExperts(
  runtime: Runtime,
  plan: ExpertPlan,
  x: Tensor,
  share: number,
  { table, groups }: PartOfExperts,
  out: Tensor,
): void {
  const { tile, pieces, source, experts, places } = plan
  groups.forEach((weight, group) => {
    const outputs = weightShape(weight)[0]!
    const { name, tensors, numbers, functions } = weightUse(weight, true)
    const find = tile === 1 ? findPlace : findTile
    runtime.run({
      program: {
        name: `expert product, ${tile} rows, ${name}`,
        index: tile === 1 ? { op: 'moe', tensor: 'indices' } : undefined,
        code: () => functions() + matrixProduct(tile) + find,
      },
      tensors: {
        x: reads(x),
        ...tensors,
        table: reads(runtime.table(table)),
        indices: reads(source),
        out: writes(out),
      },
      numbers: { pieces, outputs, x_share: share, group, places, index_limit: experts, ...numbers },
      workgroups: productGroups(pieces, tile, outputs),
    })
  })
}
