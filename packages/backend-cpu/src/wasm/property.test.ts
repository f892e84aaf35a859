/** Generated shapes against the reference: sizes around vectors, register tiles, blocks and chunks of tokens. */
import type { Backend } from '@octoscale/tensor'
import { type ConformanceCase, findProblems, runCase, type WeightKind } from '@octoscale/tensor/testing'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createReferenceBackend } from '../reference/backend.ts'
import { createWasmBackend } from './index.ts'

let wasm: Backend
const reference = createReferenceBackend()
beforeAll(async () => {
  wasm = await createWasmBackend()
})
afterAll(() => wasm.dispose())

const size = (max: number) => fc.integer({ min: 1, max })
const seed = fc.nat({ max: 2 ** 31 - 1 })
/** Offsets that are multiples of every element's width, but not of a vector's. */
const offset = fc.constantFrom(0, 4, 12)
const blockSize = fc.oneof(fc.constantFrom(1, 16, 32, 128), size(70))
const weight: fc.Arbitrary<WeightKind> = fc.oneof(
  fc.constantFrom<WeightKind>('f32', 'bf16', 'f16'),
  fc.record({
    format: fc.constantFrom('f8_e4m3' as const, 'f8_e5m2' as const),
    block: fc.tuple(blockSize, blockSize),
    scales: fc.constantFrom('ue8m0' as const, 'f32' as const),
  }),
)

/** A skipped or doubled element is far above this in every case. */
const tolerance = { bound: 1e-3, reason: 'outputs of a few elements can all be small by cancellation' }

async function holds(each: ConformanceCase): Promise<void> {
  expect(findProblems(each, await runCase(each, reference, wasm), tolerance)).toEqual([])
}

test('linear', async () => {
  // Multiples of 16 take the kernels that decode in registers.
  const inputs = fc.oneof(
    size(200),
    size(20).map((n) => n * 16),
  )
  const tokens = fc.oneof(fc.constant(1), size(5), fc.integer({ min: 62, max: 67 }))
  const cases = fc.record({ seed, offset, tokens, inputs, outputs: size(40), weight })
  await fc.assert(
    fc.asyncProperty(cases, (numbers) => holds({ op: 'linear', name: 'generated', x: 'normal', ...numbers })),
    { numRuns: 150 },
  )
})

test('latentAttention', async () => {
  const cases = fc.record({
    seed,
    offset,
    heads: size(5),
    nope: size(20),
    halfDim: size(6),
    v: size(20),
    rank: size(40),
    weight,
    positions: fc.array(fc.nat({ max: 149 }), { minLength: 1, maxLength: 36 }),
  })
  const fixed = { op: 'latentAttention', name: 'generated', capacity: 150, scale: 0.3 } as const
  await fc.assert(
    fc.asyncProperty(cases, (numbers) => holds({ ...fixed, ...numbers })),
    { numRuns: 40 },
  )
})

test('attention, with and without pages', async () => {
  const capacity = 200
  const token = fc.record({
    sequence: fc.nat({ max: 1 }),
    part: fc.double({ min: 0, max: 0.999, noNaN: true }),
  })
  const cases = fc.record({
    ...{ seed, offset, kvHeads: size(4), group: size(4), headDim: size(40), valueDim: size(40) },
    pageSize: fc.option(size(130), { nil: undefined }),
    tokens: fc.array(token, { minLength: 1, maxLength: 9 }),
  })
  const run = fc.asyncProperty(cases, ({ pageSize, tokens, group, ...given }) => {
    const maxPages = Math.floor(capacity / (pageSize ?? 1))
    const positions = tokens.map(({ part }) => Math.floor(part * maxPages * (pageSize ?? 1)))
    const sequences = tokens.map(({ sequence }) => sequence)
    // Two sequences share all pages, in opposite orders; what no token sees is no page.
    const pages = [0, 1].map((s) => {
      const seen = Math.max(-1, ...positions.filter((_, t) => sequences[t] === s)) / (pageSize ?? 1)
      return Array.from({ length: maxPages }, (_, i) => (i > seen ? -7 : s === 0 ? i : maxPages - 1 - i))
    })
    const paging = pageSize === undefined ? {} : { paging: { pageSize, sequences, pages } }
    const sizes = { heads: given.kvHeads * group, capacity, scale: 0.3 }
    return holds({ op: 'attention', name: 'generated', positions, ...sizes, ...given, ...paging })
  })
  await fc.assert(run, { numRuns: 60 })
})

test('moe', async () => {
  const experts = 3
  const index = fc.nat({ max: experts - 1 })
  const indices = size(3).chain((topK) =>
    fc.array(fc.array(index, { minLength: topK, maxLength: topK }), { minLength: 1, maxLength: 9 }),
  )
  const cases = fc.record({ seed, offset, hidden: size(70), intermediate: size(70), weight, indices })
  await fc.assert(
    fc.asyncProperty(cases, (numbers) => holds({ op: 'moe', name: 'generated', experts, ...numbers })),
    { numRuns: 60 },
  )
})
