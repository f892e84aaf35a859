/** The conformance suite must find faults: the reference with one fault built in is caught for every operation. */
import { type Backend, type Ops, rows, type Tensor, type Weight } from '@octoscale/tensor'
import { conformanceCases, findProblems, runCase } from '@octoscale/tensor/testing'
import { afterAll, describe, expect, test } from 'vitest'
import { createReferenceBackend } from './backend.ts'

const reference = createReferenceBackend()
const inner = createReferenceBackend()
afterAll(() => {
  reference.dispose()
  inner.dispose()
})

type Fault = [title: string, ops: Partial<Ops>]

const lastByteAfter = ({ buffer, offset, shape }: Tensor) => {
  const end = offset + 4 * shape.reduce((product, size) => product * size, 1)
  inner.write(buffer, Uint8Array.of(0), end)
}
/** The same bytes read as another dtype of the same width. */
const relabel = (weight: Weight): Weight => {
  if ('codes' in weight) return { ...weight, codes: { ...weight.codes, dtype: 'f8_e5m2' } }
  return weight.dtype === 'f16' ? { ...weight, dtype: 'bf16' } : weight
}
const asF16 = (weight: Weight): Weight =>
  'codes' in weight || weight.dtype !== 'bf16' ? weight : { ...weight, dtype: 'f16' }
const positionTooLarge = (table: Tensor) => rows(table, 1, table.shape[0]! - 1)

const { ops } = inner
// biome-ignore format: one row per fault
const faults: readonly Fault[] = [
  ['embed: bf16 read as f16', { embed: (a) => ops.embed({ ...a, table: asF16(a.table) }) }],
  ['selectRows: always the first row', { selectRows: (a) => { for (let r = 0; r < a.rows.shape[0]!; r++) ops.selectRows({ ...a, rows: rows(a.rows, 0, 1), out: rows(a.out, r, 1) }) } }],
  ['rmsNorm: epsilon doubled', { rmsNorm: (a) => ops.rmsNorm({ ...a, epsilon: 2 * a.epsilon }) }],
  ['rmsNorm: the residual is not written', { rmsNorm: ({ residual: _, ...a }) => ops.rmsNorm(a) }],
  ['linear: E4M3 read as E5M2, f16 as bf16', { linear: (a) => ops.linear({ ...a, weight: relabel(a.weight) }) }],
  ['linear: the last token is left out', { linear: (a) => { const n = a.x.shape[0]! - 1; if (n > 0) ops.linear({ ...a, x: rows(a.x, 0, n), out: rows(a.out, 0, n) }) } }],
  ['rope: one position too far', { rope: (a) => ops.rope({ ...a, table: positionTooLarge(a.table) }) }],
  ['writeLatent: one position too far', { writeLatent: (a) => ops.writeLatent({ ...a, table: positionTooLarge(a.table) }) }],
  ['writeLatent: epsilon of another config', { writeLatent: (a) => ops.writeLatent({ ...a, epsilon: 1e-5 }) }],
  ['latentAttention: scale off by 0.1 %', { latentAttention: (a) => ops.latentAttention({ ...a, scale: a.scale * 1.001 }) }],
  ['route: groups are not limited', { route: (a) => ops.route({ ...a, topGroups: a.groups }) }],
  ['route: normalized the other way', { route: (a) => ops.route({ ...a, normalize: !a.normalize }) }],
  ['route: softmax for sigmoid', { route: (a) => ops.route({ ...a, scoring: a.scoring === 'softmax' ? 'sigmoid' : 'softmax' }) }],
  ['route: groups by another score', { route: (a) => ops.route({ ...a, groupScore: a.groupScore === 'best' ? 'best-two' : 'best' }) }],
  ['rope: the other pairs', { rope: (a) => ops.rope({ ...a, pairs: a.pairs === 'halves' ? 'interleaved' : 'halves' }) }],
  ['writeKv: pages ignored', { writeKv: ({ paging: _, ...a }) => ops.writeKv(a) }],
  ['writeLatent: pages ignored', { writeLatent: ({ paging: _, ...a }) => ops.writeLatent(a) }],
  ['latentAttention: pages ignored', { latentAttention: ({ paging: _, ...a }) => ops.latentAttention(a) }],
  ['attention: pages ignored', { attention: ({ paging: _, ...a }) => ops.attention(a) }],
  ['attention: scale off by 0.1 %', { attention: (a) => ops.attention({ ...a, scale: a.scale * 1.001 }) }],
  ['concat: the wrong way round', { concat: ({ a, b, out }) => ops.concat({ a: b, b: a, out }) }],
  ['moe: experts in another order', { moe: (a) => ops.moe({ ...a, experts: [...a.experts].reverse() }) }],
  ['moe: gate and up swapped', { moe: (a) => ops.moe({ ...a, experts: a.experts.map(({ gate, up, down }) => ({ gate: up, up: gate, down })) }) }],
  ['siluMul: gate and up swapped', { siluMul: ({ gate, up, out }) => ops.siluMul({ gate: up, up: gate, out }) }],
  ['add: one input twice', { add: (a) => ops.add({ ...a, b: a.a }) }],
  ['linear: a byte after the output', { linear: (a) => { ops.linear(a); lastByteAfter(a.out) } }],
]

async function isFound(candidate: Backend, op: string): Promise<boolean> {
  for (const each of conformanceCases) {
    // The largest cases add time, not kinds of faults.
    if (each.op !== op || (each.op === 'linear' && each.inputs * each.outputs > 1e5)) continue
    if (findProblems(each, await runCase(each, reference, candidate)).length > 0) return true
  }
  return false
}

test.each(faults)('%s', async (title, faulty) => {
  const candidate = { ...inner, ops: { ...ops, ...faulty } }
  expect(await isFound(candidate, title.split(':')[0] as string)).toBe(true)
})

describe('an operation that does nothing', () => {
  test.each(conformanceCases.filter((each) => each.op !== 'linear'))('$op: $name', async (each) => {
    const candidate = { ...inner, ops: { ...ops, [each.op]: () => {} } }
    const problems = findProblems(each, await runCase(each, reference, candidate))
    expect(problems.length).toBeGreaterThan(0)
    expect(problems[0]).toMatch(/\[[\d, ]+\]: reference .+, candidate .+, bound/)
  })
})
