/**
 * Which rows of a cache hold a token's sequence (`Paging` of the contract), for programs that read or write a cache.
 *
 * With paging, small programs first check the tables and write, for each token, what it sees and where its pages begin;
 * the program itself then reads only what is in range.
 */
import type { OpName, Paging, Tensor } from '@octoscale/tensor'
import { groupsOf, type Runtime } from './runtime.ts'
import type { IndexUse } from './wgsl/index-check.ts'
import { ELEMENTWISE, elementwise } from './wgsl/invocation.ts'
import { type Program, reads, type Use, writes } from './wgsl/program.ts'

/** What a program adds to its own description. */
export interface CacheRows {
  /** Distinguishes the programs: they differ in their code. */
  readonly name: string
  readonly index?: IndexUse
  readonly tensors: Readonly<Record<string, Use>>
  readonly numbers: Readonly<Record<string, number>>
  /**
   * `fn seen_by(token: u32) -> u32`: how many positions the token sees, its own included; 0 after a bad index: then its
   * output is left alone. `fn row_of(token: u32, position: u32) -> u32`: a row of the cache.
   */
  readonly functions: string
}

type CachedOp = Extract<OpName, 'writeLatent' | 'latentAttention' | 'writeKv' | 'attention'>

/** `positions` and `paging` of an operation on a cache of `capacity` rows. */
export function cacheRows(
  runtime: Runtime,
  op: CachedOp,
  { positions, paging }: { readonly positions: Tensor; readonly paging?: Paging | undefined },
  capacity: number,
  maxPositions: number = Infinity,
): CacheRows {
  if (paging !== undefined) return pagedRows(runtime, op, positions, paging, capacity, maxPositions)
  return {
    name: op,
    index: { op, tensor: 'positions' },
    tensors: { positions: reads(positions) },
    numbers: { index_limit: Math.min(capacity, maxPositions) },
    functions: `
fn seen_by(token: u32) -> u32 {
  let position = checked_index(token);
  return select(position + 1u, 0u, position == params.index_limit);
}
fn row_of(token: u32, position: u32) -> u32 { return position; }
`,
  }
}

function pagedRows(
  runtime: Runtime,
  op: CachedOp,
  positions: Tensor,
  { sequences, pages, pageSize }: Paging,
  capacity: number,
  maxPositions: number,
): CacheRows {
  const [tokens = 0] = positions.shape
  const [sequenceCount = 0, maxPages = 0] = pages.shape
  const scratch = (name: string, shape: readonly number[]): Tensor => runtime.scratch(name, 'i32', shape)
  const own = scratch('sequences of tokens', [tokens])
  const seen = scratch('positions seen', [tokens])
  const used = scratch('pages seen', [tokens, maxPages])
  const starts = scratch('first rows of pages', [tokens, maxPages])
  const each = (count: number) => ({ count, workgroups: groupsOf(count, ELEMENTWISE) })

  const perToken = each(tokens)
  runtime.run({
    program: sequencesProgram(op),
    tensors: { sequences: reads(sequences), own: writes(own) },
    numbers: { count: perToken.count, index_limit: sequenceCount },
    workgroups: perToken.workgroups,
  })
  const perPage = each(tokens * maxPages)
  const page = { max_pages: maxPages, page_size: pageSize }
  // A table may have room for more positions than an i32 has, and than a u32 of the program.
  const limit = Math.min(maxPages * pageSize, maxPositions, 2 ** 31)
  runtime.run({
    program: pagesSeenProgram(op),
    tensors: {
      own: reads(own),
      positions: reads(positions),
      pages: reads(pages),
      seen: writes(seen),
      used: writes(used),
    },
    numbers: { count: perPage.count, ...page, index_limit: limit },
    workgroups: perPage.workgroups,
  })
  runtime.run({
    program: startsProgram(op),
    tensors: { used: reads(used), starts: writes(starts) },
    numbers: { count: perPage.count, page_size: pageSize, index_limit: Math.floor(capacity / pageSize) },
    workgroups: perPage.workgroups,
  })
  return {
    name: `${op} in pages`,
    tensors: { seen: reads(seen), starts: reads(starts) },
    numbers: page,
    functions: `
fn row_of(token: u32, position: u32) -> u32 {
  let start = starts(token * params.max_pages + position / params.page_size);
  return u32(max(start, 0)) + position % params.page_size;
}
fn seen_by(token: u32) -> u32 {
  let count = u32(seen(token));
  if (count == 0u || starts(token * params.max_pages + (count - 1u) / params.page_size) < 0) { return 0u; }
  return count;
}
`,
  }
}

/** The sequence of each token, or -1. */
const sequencesProgram = (op: CachedOp): Program => ({
  name: `sequences, ${op}`,
  index: { op, tensor: 'paging.sequences', accessor: 'sequences' },
  code: () =>
    elementwise(`let sequence = checked_index(i);
  set_own(i, select(i32(sequence), -1, sequence == params.index_limit));`),
})

/** For each token and page: the page's number if the token sees it, else 0, so that no other entry is looked at. */
const pagesSeenProgram = (op: CachedOp): Program => ({
  name: `pages seen, ${op}`,
  index: { op, tensor: 'positions' },
  code: () =>
    elementwise(`let token = i / params.max_pages;
  let page = i % params.max_pages;
  let position = checked_index(token);
  let sequence = own(token);
  let good = position != params.index_limit && sequence >= 0;
  if (page == 0u) { set_seen(token, select(0, i32(position) + 1, good)); }
  var number = 0;
  if (good && page <= position / params.page_size) { number = pages(u32(sequence) * params.max_pages + page); }
  set_used(i, number);`),
})

/** The first row of each page, or -1. */
const startsProgram = (op: CachedOp): Program => ({
  name: `first rows of pages, ${op}`,
  index: { op, tensor: 'paging.pages', accessor: 'used' },
  code: () =>
    elementwise(`let page = checked_index(i);
  set_starts(i, select(i32(page * params.page_size), -1, page == params.index_limit));`),
})
