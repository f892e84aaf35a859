/** Checks of rope and of the two kinds of attention with their cache writes. */
import { DTypeError } from '../errors.ts'
import type {
  AttentionArgs,
  LatentAttentionArgs,
  Paging,
  RopeArgs,
  WriteKvArgs,
  WriteLatentArgs,
} from '../ops.ts'
import { type CacheTensor, isBlockScaled, weightShape } from '../tensor.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, FLOATS, I32, OpCheck } from './op-check.ts'

const PAIR = { formula: '2', size: 2 }

export function checkRope({ pairs, x, positions, table }: RopeArgs, live: LiveBuffers): boolean {
  const check = new OpCheck('rope', live)
  check.choice('pairs', pairs, ['interleaved', 'halves'])
  check.tensor('x', x, F32, ['tokens', 'heads', 'headDim'])
  check.tensor('positions', positions, I32, ['tokens'])
  check.tensor('table', table, F32, ['maxPositions', 'halfDim', PAIR])
  const rotated = 2 * check.size('halfDim')
  const headDim = check.size('headDim')
  check.argument('2 * halfDim', rotated, rotated <= headDim, `<= headDim = ${headDim}`)
  check.disjoint('x', x, 'positions', positions)
  check.disjoint('x', x, 'table', table)
  return check.hasTokens
}

export function checkWriteLatent(args: WriteLatentArgs, live: LiveBuffers): boolean {
  const { kv, weight, epsilon, positions, table, cache, paging } = args
  const check = new OpCheck('writeLatent', live)
  check.tensor('weight', weight, FLOATS, ['rank'])
  check.tensor('table', table, F32, ['maxPositions', 'halfDim', PAIR])
  const width = { formula: 'rank + 2 * halfDim', size: check.size('rank') + 2 * check.size('halfDim') }
  check.tensor('kv', kv, F32, ['tokens', width])
  check.tensor('positions', positions, I32, ['tokens'])
  check.cache('cache', cache, ['capacity', width])
  check.positive('epsilon', epsilon)
  check.disjoint('cache', cache, 'kv', kv)
  check.disjoint('cache', cache, 'weight', weight)
  check.disjoint('cache', cache, 'positions', positions)
  check.disjoint('cache', cache, 'table', table)
  checkPaging(check, paging, { cache })
  return check.hasTokens
}

/**
 * The sizes follow from each other: `2 * halfDim = cacheWidth - rank`, `nope = qWidth - 2 * halfDim`, and
 * `heads * (nope + v)` is the height of `kvB`.
 */
export function checkLatentAttention(
  { q, kvB, cache, positions, scale, out, paging }: LatentAttentionArgs,
  live: LiveBuffers,
): boolean {
  const check = new OpCheck('latentAttention', live)
  check.tensor('q', q, F32, ['tokens', 'heads', 'nope + 2 * halfDim'])
  check.cache('cache', cache, ['capacity', 'rank + 2 * halfDim'])
  check.tensor('positions', positions, I32, ['tokens'])
  check.tensor('out', out, F32, ['tokens', 'heads', 'v'])
  const rotated = check.size('rank + 2 * halfDim') - (weightShape(kvB)[1] ?? 0)
  const nope = check.size('nope + 2 * halfDim') - rotated
  check.argument(
    '2 * halfDim (cache width - rank)',
    rotated,
    rotated > 0 && rotated % 2 === 0,
    'even and > 0',
  )
  check.argument('nope (q width - 2 * halfDim)', nope, nope > 0, '> 0')
  const height = { formula: 'heads * (nope + v)', size: check.size('heads') * (nope + check.size('v')) }
  check.weight('kvB', kvB, [height, 'rank'])
  check.positive('scale', scale)
  check.disjoint('out', out, 'q', q)
  check.disjoint('out', out, 'kvB', kvB)
  check.disjoint('out', out, 'cache', cache)
  check.disjoint('out', out, 'positions', positions)
  checkPaging(check, paging, { out })
  return check.hasTokens
}

export function checkWriteKv(args: WriteKvArgs, live: LiveBuffers): boolean {
  const { k, v, positions, keys, values, paging } = args
  const check = new OpCheck('writeKv', live)
  check.tensor('k', k, F32, ['tokens', 'kvHeads', 'headDim'])
  check.tensor('v', v, F32, ['tokens', 'kvHeads', 'valueDim'])
  check.tensor('positions', positions, I32, ['tokens'])
  check.cache('keys', keys, ['capacity', 'kvHeads', 'headDim'])
  check.cache('values', values, ['capacity', 'kvHeads', 'valueDim'])
  checkSameKind(check, keys, values)
  for (const [name, written] of [
    ['keys', keys],
    ['values', values],
  ] as const) {
    check.disjoint(name, written, 'k', k)
    check.disjoint(name, written, 'v', v)
    check.disjoint(name, written, 'positions', positions)
  }
  check.disjoint('keys', keys, 'values', values)
  checkPaging(check, paging, { keys, values })
  return check.hasTokens
}

export function checkAttention(args: AttentionArgs, live: LiveBuffers): boolean {
  const { q, keys, values, positions, scale, out, paging } = args
  const check = new OpCheck('attention', live)
  check.tensor('q', q, F32, ['tokens', 'heads', 'headDim'])
  check.cache('keys', keys, ['capacity', 'kvHeads', 'headDim'])
  check.cache('values', values, ['capacity', 'kvHeads', 'valueDim'])
  checkSameKind(check, keys, values)
  check.tensor('positions', positions, I32, ['tokens'])
  check.tensor('out', out, F32, ['tokens', 'heads', 'valueDim'])
  const [heads, kvHeads] = [check.size('heads'), check.size('kvHeads')]
  check.argument('heads', heads, heads % kvHeads === 0, `a multiple of kvHeads = ${kvHeads}`)
  check.positive('scale', scale)
  check.disjoint('out', out, 'q', q)
  check.disjoint('out', out, 'keys', keys)
  check.disjoint('out', out, 'values', values)
  check.disjoint('out', out, 'positions', positions)
  checkPaging(check, paging, { out })
  return check.hasTokens
}

/** One kernel reads both: keys and values are stored in one dtype. Groups may differ, as the widths may. */
function checkSameKind({ op }: OpCheck, keys: CacheTensor, values: CacheTensor): void {
  const dtypeOf = (cache: CacheTensor) => (isBlockScaled(cache) ? cache.codes : cache).dtype
  if (dtypeOf(keys) === dtypeOf(values)) return
  const expected = `${dtypeOf(keys)}, as keys`
  throw new DTypeError({ op, tensor: 'values', expected, got: dtypeOf(values) })
}

/** After `tokens` and `capacity` are bound. `written`: what must not overlap the tables. */
function checkPaging(
  check: OpCheck,
  paging: Paging | undefined,
  written: Readonly<Record<string, CacheTensor>>,
): void {
  if (paging === undefined) return
  const { sequences, pages, pageSize } = paging
  check.tensor('paging.sequences', sequences, I32, ['tokens'])
  check.tensor('paging.pages', pages, I32, ['sequences', 'maxPages'])
  const capacity = check.size('capacity')
  const ok = Number.isSafeInteger(pageSize) && pageSize >= 1 && pageSize <= capacity
  check.argument('paging.pageSize', pageSize, ok, `an integer in 1 .. capacity = ${capacity}`)
  for (const name in written) {
    check.disjoint(name, written[name]!, 'paging.sequences', sequences)
    check.disjoint(name, written[name]!, 'paging.pages', pages)
  }
}
