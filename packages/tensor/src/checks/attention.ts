/** Checks of rope, writeLatent and latentAttention. */
import type { LatentAttentionArgs, RopeArgs, WriteLatentArgs } from '../ops.ts'
import { weightShape } from '../tensor.ts'
import type { LiveBuffers } from './live-buffers.ts'
import { F32, FLOATS, I32, OpCheck } from './op-check.ts'

const PAIR = { formula: '2', size: 2 }

export function checkRope({ x, positions, table }: RopeArgs, live: LiveBuffers): void {
  const check = new OpCheck('rope', live)
  check.tensor('x', x, F32, ['tokens', 'heads', 'headDim'])
  check.tensor('positions', positions, I32, ['tokens'])
  check.tensor('table', table, F32, ['maxPositions', 'halfDim', PAIR])
  const rotated = 2 * check.size('halfDim')
  const headDim = check.size('headDim')
  check.argument('2 * halfDim', rotated, rotated <= headDim, `<= headDim = ${headDim}`)
  check.disjoint('x', x, 'positions', positions)
  check.disjoint('x', x, 'table', table)
}

export function checkWriteLatent(args: WriteLatentArgs, live: LiveBuffers): void {
  const { kv, weight, epsilon, positions, table, cache } = args
  const check = new OpCheck('writeLatent', live)
  check.tensor('weight', weight, FLOATS, ['rank'])
  check.tensor('table', table, F32, ['maxPositions', 'halfDim', PAIR])
  const width = { formula: 'rank + 2 * halfDim', size: check.size('rank') + 2 * check.size('halfDim') }
  check.tensor('kv', kv, F32, ['tokens', width])
  check.tensor('positions', positions, I32, ['tokens'])
  check.tensor('cache', cache, F32, ['capacity', width])
  check.positive('epsilon', epsilon)
  check.disjoint('cache', cache, 'kv', kv)
  check.disjoint('cache', cache, 'weight', weight)
  check.disjoint('cache', cache, 'positions', positions)
  check.disjoint('cache', cache, 'table', table)
}

/**
 * The sizes follow from each other: `2 * halfDim = cacheWidth - rank`, `nope = qWidth - 2 * halfDim`, and
 * `heads * (nope + v)` is the height of `kvB`.
 */
export function checkLatentAttention(
  { q, kvB, cache, positions, scale, out }: LatentAttentionArgs,
  live: LiveBuffers,
): void {
  const check = new OpCheck('latentAttention', live)
  check.tensor('q', q, F32, ['tokens', 'heads', 'nope + 2 * halfDim'])
  check.tensor('cache', cache, F32, ['capacity', 'rank + 2 * halfDim'])
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
}
