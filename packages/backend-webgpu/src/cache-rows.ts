/**
 * Which rows of a cache hold a token's sequence (`Paging` of the contract), for programs that read or write a cache.
 *
 * With paging, small programs first check the tables and write, for each token, what it sees and where its pages begin;
 * the program itself then reads only what is in range.
 */
import { type OpName, type Paging, rows, type Tensor } from '@octoscale/tensor'
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
  // In one buffer: a device need not bind more than eight to a program.
  const facts = runtime.scratch('facts of tokens', 'i32', [2, tokens])
  const [own, seen] = [rows(facts, 0, 1), rows(facts, 1, 1)]
  const each = (count: number) => ({ count, workgroups: groupsOf(count, ELEMENTWISE) })

  const perToken = each(tokens)
  runtime.run({
    program: sequencesProgram(op),
    tensors: { sequences: reads(sequences), own: writes(own) },
    numbers: { count: perToken.count, index_limit: sequenceCount },
    workgroups: perToken.workgroups,
  })
  // A table may have room for more positions than an i32 has, and than a u32 of the program.
  const limit = Math.min(maxPages * pageSize, maxPositions, 2 ** 31)
  runtime.run({
    program: positionsProgram(op),
    tensors: { own: reads(own), positions: reads(positions), seen: writes(seen) },
    numbers: { count: perToken.count, index_limit: limit },
    workgroups: perToken.workgroups,
  })
  const tensors = { own: reads(own), seen: reads(seen), pages: reads(pages) }
  const table = { max_pages: maxPages, page_size: pageSize }
  const pageCount = Math.floor(capacity / pageSize)
  const perPage = each(tokens * maxPages)
  runtime.run({
    program: pagesProgram(op),
    tensors,
    numbers: { count: perPage.count, ...table, index_limit: pageCount },
    workgroups: perPage.workgroups,
  })
  return {
    name: `${op} in pages`,
    tensors,
    numbers: { ...table, page_count: pageCount },
    functions: `${pageAt}
fn row_of(token: u32, position: u32) -> u32 {
  // A page that is not there has been reported; no row outside of the cache is touched for it.
  let page = clamp(page_at(token, position / params.page_size), 0, i32(params.page_count) - 1);
  return u32(page) * params.page_size + position % params.page_size;
}
fn seen_by(token: u32) -> u32 {
  let count = u32(seen(token));
  if (count == 0u) { return 0u; }
  let page = page_at(token, (count - 1u) / params.page_size);
  return select(0u, count, page >= 0 && u32(page) < params.page_count);
}
`,
  }
}

/** Entry `page` of the table of the token's sequence; only for tokens that see something. */
const pageAt = `
fn page_at(token: u32, page: u32) -> i32 { return pages(u32(own(token)) * params.max_pages + page); }
`

/** The sequence of each token, or -1. */
const sequencesProgram = (op: CachedOp): Program => ({
  name: `sequences, ${op}`,
  index: { op, tensor: 'paging.sequences', accessor: 'sequences' },
  code: () =>
    elementwise(`let sequence = checked_index(i);
  set_own(i, select(i32(sequence), -1, sequence == params.index_limit));`),
})

/** How many positions each token sees; 0 if its position or its sequence is bad. */
const positionsProgram = (op: CachedOp): Program => ({
  name: `positions, ${op}`,
  index: { op, tensor: 'positions' },
  code: () =>
    elementwise(`let position = checked_index(i);
  set_seen(i, select(0, i32(position) + 1, position != params.index_limit && own(i) >= 0));`),
})

/** Looks at every entry that some token sees, and at no other. */
const pagesProgram = (op: CachedOp): Program => ({
  name: `pages, ${op}`,
  index: { op, tensor: 'paging.pages', accessor: 'page_seen' },
  code: () => `${pageAt}
fn page_seen(i: u32) -> i32 {
  let token = i / params.max_pages;
  let page = i % params.max_pages;
  let count = u32(seen(token));
  if (count == 0u || page > (count - 1u) / params.page_size) { return 0; }
  return page_at(token, page);
}
${elementwise('_ = checked_index(i);')}`,
})
