/** For every operation: good arguments pass, and each way of being wrong is named with its facts. */
import { beforeEach, describe, expect, test } from 'vitest'
import type { Backend, OpName } from '../backend.ts'
import type { DType } from '../dtype.ts'
import type { Expert, Paging } from '../ops.ts'
import type { BlockScaled, CacheTensor, Tensor } from '../tensor.ts'
import { allocTensor } from '../transfer.ts'
import { rows } from '../views.ts'
import { checked } from './checked.ts'
import { fakeBackend } from './fake-backend.ts'

let backend: Backend
let calls: string[]
beforeEach(() => {
  const fake = fakeBackend()
  backend = checked(fake.backend)
  calls = fake.calls
})

const f32 = (...shape: number[]) => make('f32', shape)
const i32 = (...shape: number[]) => make('i32', shape)
const make = (dtype: DType, shape: number[]): Tensor => allocTensor(backend, dtype, shape, 'test')

function fp8(height: number, width: number, block: [number, number] = [128, 128]): BlockScaled {
  const scales = f32(Math.ceil(height / block[0]), Math.ceil(width / block[1]))
  return { codes: make('f8_e4m3', [height, width]), scales, block }
}

function i8(height: number, width: number, block = 32, minimums = false): BlockScaled {
  const grid = () => f32(height, Math.ceil(width / block))
  const codes = make('i8', [height, width])
  return { codes, scales: grid(), block: [1, block], ...(minimums ? { minimums: grid() } : {}) }
}

/** A cache of E4M3 codes. */
function groups(row: number[], group: number): BlockScaled {
  const columns = row.reduce((product, size) => product * size, 1)
  const scales = f32(30, Math.ceil(columns / group))
  return { codes: make('f8_e4m3', [30, ...row]), scales, block: [1, group] }
}

const expert = (weight: (height: number, width: number) => BlockScaled = fp8): Expert => ({
  gate: weight(24, 40),
  up: weight(24, 40),
  down: weight(40, 24),
})

const paging = (): Paging => ({ sequences: i32(3), pages: i32(2, 5), pageSize: 4 })

/** Good arguments. Made inside a test, because tensors belong to that test's backend. */
const good = {
  embed: () => ({ ids: i32(3), table: make('bf16', [9, 40]), out: f32(3, 40) }),
  selectRows: () => ({ x: f32(5, 40), rows: i32(2), out: f32(2, 40) }),
  rmsNorm: () => ({
    x: f32(3, 40),
    residual: f32(3, 40),
    weight: make('f16', [40]),
    epsilon: 1e-6,
    out: f32(3, 40),
  }),
  linear: () => ({ x: f32(3, 200), weight: fp8(130, 200), out: f32(3, 130) }),
  rope: () => ({ pairs: 'interleaved' as const, x: f32(3, 2, 10), positions: i32(3), table: f32(50, 2, 2) }),
  writeLatent: () => ({
    kv: f32(3, 20),
    weight: make('bf16', [16]),
    epsilon: 1e-6,
    positions: i32(3),
    table: f32(50, 2, 2),
    cache: f32(30, 20),
  }),
  latentAttention: () => ({
    q: f32(3, 2, 12),
    kvB: fp8(2 * (8 + 6), 16),
    cache: f32(30, 20),
    positions: i32(3),
    scale: 0.5,
    out: f32(3, 2, 6),
    paging: paging(),
  }),
  writeKv: () => ({
    k: f32(3, 2, 8),
    v: f32(3, 2, 6),
    positions: i32(3),
    keys: f32(30, 2, 8),
    values: f32(30, 2, 6),
    paging: paging(),
  }),
  attention: () => ({
    q: f32(3, 4, 8),
    keys: f32(30, 2, 8),
    values: f32(30, 2, 6),
    positions: i32(3),
    scale: 0.5,
    out: f32(3, 4, 6),
    paging: paging(),
  }),
  route: () => ({
    x: f32(3, 40),
    gate: make('bf16', [12, 40]),
    scoring: 'sigmoid' as const,
    bias: f32(12),
    groups: 4,
    groupScore: 'best-two' as const,
    topGroups: 2,
    normalize: true,
    scalingFactor: 2.5,
    indices: i32(3, 6),
    weights: f32(3, 6),
  }),
  moe: () => ({
    x: f32(3, 40),
    indices: i32(3, 2),
    weights: f32(3, 2),
    experts: [expert(), expert()],
    out: f32(3, 40),
  }),
  siluMul: () => ({ gate: f32(2, 3), up: f32(2, 3), out: f32(2, 3) }),
  add: () => ({ a: f32(2, 3), b: f32(2, 3), out: f32(2, 3) }),
  concat: () => ({ a: f32(3, 4), b: f32(3, 2), out: f32(3, 6) }),
} satisfies { [Name in OpName]: () => Parameters<Backend['ops'][Name]>[0] }

type Good = { [Name in OpName]: ReturnType<(typeof good)[Name]> }

function run(op: OpName, args: unknown): void {
  ;(backend.ops[op] as (args: unknown) => void)(args)
}

describe('good arguments reach the backend', () => {
  test.each(Object.keys(good) as OpName[])('%s', (op) => {
    run(op, good[op]())
    expect(calls.at(-1)).toBe(op)
  })

  test('dense weights, no residual, outputs in place where that is allowed', () => {
    const x = f32(3, 40)
    backend.ops.linear({ x, weight: make('f16', [7, 40]), out: f32(3, 7) })
    backend.ops.rmsNorm({ x, weight: f32(40), epsilon: 1e-6, out: x })
    backend.ops.add({ a: x, b: x, out: x })
    backend.ops.siluMul({ gate: x, up: f32(3, 40), out: x })
    backend.ops.add({ a: rows(x, 0, 1), b: rows(x, 1, 1), out: rows(x, 2, 1) })
    backend.ops.route({ ...good.route(), groups: 1, topGroups: 1 })
    backend.ops.route({ ...good.route(), groups: 12, topGroups: 6, groupScore: 'best', bias: undefined })
    expect(calls.filter((call) => call === 'add')).toHaveLength(2)
  })

  test('every kind of weight and cache', () => {
    for (const weight of [i8(130, 200), i8(130, 200, 16, true)]) {
      backend.ops.linear({ ...good.linear(), weight })
      backend.ops.embed({ ...good.embed(), table: i8(9, 40, 16) })
      backend.ops.latentAttention({ ...good.latentAttention(), kvB: i8(28, 16, 16, true) })
    }
    const experts = [expert((height, width) => i8(height, width, 32, true))]
    backend.ops.moe({ ...good.moe(), experts: [...experts, ...experts] })
    backend.ops.moe({ ...good.moe(), experts: [{ ...expert(), down: i8(40, 24, 16) }] })
    const caches = (row: number[]): CacheTensor[] => [
      make('bf16', [30, ...row]),
      make('f16', [30, ...row]),
      groups(row, 128),
      groups(row, 4),
    ]
    for (const [i, cache] of caches([20]).entries()) {
      backend.ops.writeLatent({ ...good.writeLatent(), cache })
      backend.ops.latentAttention({ ...good.latentAttention(), cache })
      const [keys, values] = [caches([2, 8])[i]!, caches([2, 6])[i]!]
      backend.ops.writeKv({ ...good.writeKv(), keys, values })
      backend.ops.attention({ ...good.attention(), keys, values })
    }
    backend.ops.attention({ ...good.attention(), keys: groups([2, 8], 16), values: groups([2, 6], 12) })
    backend.ops.selectRows({ x: i32(5, 40), rows: i32(2), out: i32(2, 40) })
    expect(calls.filter((call) => call === 'latentAttention')).toHaveLength(6)
  })

  test('a row that is added to each row', () => {
    backend.ops.add({ a: f32(2, 3), b: f32(3), out: f32(2, 3) })
    expect(calls.at(-1)).toBe('add')
  })
})

describe('no tokens: checked, and the backend does not see the call', () => {
  const none = { x: () => f32(0, 40), out: () => f32(0, 40) }
  test.each([
    ['embed', () => ({ ...good.embed(), ids: i32(0), out: none.out() })],
    ['selectRows', () => ({ ...good.selectRows(), rows: i32(0), out: none.out() })],
    ['rmsNorm', () => ({ ...good.rmsNorm(), x: none.x(), residual: none.x(), out: none.out() })],
    ['linear', () => ({ ...good.linear(), x: f32(0, 200), out: f32(0, 130) })],
    ['rope', () => ({ ...good.rope(), x: f32(0, 2, 10), positions: i32(0) })],
    ['writeLatent', () => ({ ...good.writeLatent(), kv: f32(0, 20), positions: i32(0) })],
    [
      'attention',
      () => ({
        ...good.attention(),
        q: f32(0, 4, 8),
        positions: i32(0),
        out: f32(0, 4, 6),
        paging: undefined,
      }),
    ],
    ['moe', () => ({ ...good.moe(), x: none.x(), indices: i32(0, 2), weights: f32(0, 2), out: none.out() })],
    ['add', () => ({ a: f32(0, 3), b: f32(0, 3), out: f32(0, 3) })],
  ] as [OpName, () => object][])('%s', (op, args) => {
    run(op, args())
    expect(calls).not.toContain(op)
  })

  test('an empty tensor overlaps nothing, wherever it lies', () => {
    const weight = f32(4, 4)
    const empty = { ...weight, shape: [0, 4], offset: 16 }
    backend.ops.linear({ x: empty, weight, out: { ...empty, offset: 32 } })
    backend.ops.linear({ x: empty, weight, out: empty })
  })

  test('a row of no tokens cannot be selected', () => {
    expect(() => run('selectRows', { ...good.selectRows(), x: f32(0, 40) })).toThrow(
      'selectRows: tokens must be >= 1 where rows are asked for, got 0',
    )
  })
})

/** One change to good arguments, and the facts of the error it must give. */
function wrong<Name extends OpName>(
  op: Name,
  title: string,
  change: (args: Good[Name]) => object,
  facts: { name: string; [fact: string]: unknown },
): [string, OpName, (args: never) => object, object] {
  return [`${op}: ${title}`, op, change as (args: never) => object, { op, ...facts }]
}

const shape = (tensor: string, expected: string, got: string) => ({
  name: 'ShapeError',
  tensor,
  expected,
  got,
})
const dtype = (tensor: string, expected: string, got: string) => ({
  name: 'DTypeError',
  tensor,
  expected,
  got,
})
const argument = (name: string, expected: unknown = expect.anything()) => ({
  name: 'ArgumentError',
  argument: name,
  expected,
})
const overlap = (written: string, other: string) => argument(written, `memory that does not overlap ${other}`)

// biome-ignore format: one row per case
test.each([
  wrong('embed', 'ids are floats', () => ({ ids: f32(3) }), dtype('ids', 'i32', 'f32')),
  wrong('embed', 'ids are a matrix', () => ({ ids: i32(3, 1) }), shape('ids', '[tokens]', '[3, 1]')),
  wrong('embed', 'FP8 table without scales', () => ({ table: make('f8_e4m3', [9, 40]) }), dtype('table', 'f32 or bf16 or f16', 'f8_e4m3')),
  wrong('embed', 'out too narrow', () => ({ out: f32(3, 39) }), shape('out', '[tokens = 3, hidden = 40]', '[3, 39]')),
  wrong('embed', 'out of other rows', () => ({ out: f32(2, 40) }), shape('out', '[tokens = 3, hidden = 40]', '[2, 40]')),
  wrong('embed', 'out is bf16', () => ({ out: make('bf16', [3, 40]) }), dtype('out', 'f32', 'bf16')),
  wrong('embed', 'i8 table without scales', () => ({ table: make('i8', [9, 40]) }), dtype('table', 'f32 or bf16 or f16', 'i8')),
  wrong('selectRows', 'out of another dtype', () => ({ x: i32(5, 40) }), dtype('out', 'i32', 'f32')),
  wrong('selectRows', 'x is bf16', () => ({ x: make('bf16', [5, 40]) }), dtype('x', 'f32 or i32', 'bf16')),
  wrong('selectRows', 'out overlaps x', ({ x }) => ({ out: rows(x, 1, 2) }), overlap('out', 'x')),
  wrong('selectRows', 'out of x’s rows', () => ({ out: f32(5, 40) }), shape('out', '[rows = 2, hidden = 40]', '[5, 40]')),
  wrong('rmsNorm', 'weight too long', () => ({ weight: f32(41) }), shape('weight', '[hidden = 40]', '[41]')),
  wrong('rmsNorm', 'residual of other shape', () => ({ residual: f32(4, 40) }), shape('residual', '[tokens = 3, hidden = 40]', '[4, 40]')),
  wrong('rmsNorm', 'residual is x', ({ x }) => ({ residual: x }), overlap('residual', 'x')),
  wrong('rmsNorm', 'residual is out', ({ out }) => ({ residual: out }), overlap('residual', 'out')),
  wrong('rmsNorm', 'epsilon is 0', () => ({ epsilon: 0 }), argument('epsilon', 'a finite number > 0')),
  wrong('rmsNorm', 'epsilon is NaN', () => ({ epsilon: Number.NaN }), argument('epsilon')),
  wrong('linear', 'inputs differ', () => ({ x: f32(3, 199) }), shape('weight.codes', '[outputs, inputs = 199]', '[130, 200]')),
  wrong('linear', 'transposed dense weight', () => ({ weight: f32(200, 130) }), shape('weight', '[outputs, inputs = 200]', '[200, 130]')),
  wrong('linear', 'out is x', () => { const x = f32(3, 130); return { x, weight: f32(130, 130), out: x } }, overlap('out', 'x')),
  wrong('linear', 'out overlaps the scales', ({ weight }) => ({ x: f32(1, 200), out: { ...weight.scales, shape: [1, 2] }, weight: { ...weight, codes: make('f8_e4m3', [2, 200]), scales: { ...weight.scales, shape: [1, 2] } } }), overlap('out', 'weight')),
  wrong('linear', 'codes are bytes', ({ weight }) => ({ weight: { ...weight, codes: make('u8', [130, 200]) } }), dtype('weight.codes', 'f8_e4m3 or f8_e5m2 or i8', 'u8')),
  wrong('linear', 'codes without scales', ({ weight }) => ({ weight: weight.codes }), dtype('weight', 'f32 or bf16 or f16', 'f8_e4m3')),
  wrong('linear', 'scales rounded down', ({ weight }) => ({ weight: { ...weight, scales: f32(1, 1) } }), shape('weight.scales', '[ceil(rows / block height) = 2, ceil(columns / block width) = 2]', '[1, 1]')),
  wrong('linear', 'scales in bf16', ({ weight }) => ({ weight: { ...weight, scales: make('bf16', [2, 2]) } }), dtype('weight.scales', 'f32', 'bf16')),
  wrong('linear', 'block of 0', ({ weight }) => ({ weight: { ...weight, block: [0, 128] } }), argument('weight.block', 'two integers >= 1')),
  wrong('linear', 'i8 codes in other blocks', ({ weight }) => ({ weight: { ...weight, codes: make('i8', [130, 200]) } }), argument('weight.block', '[1, 16] or [1, 32] for i8 codes')),
  wrong('linear', 'i8 codes in blocks of two rows', () => ({ weight: { ...i8(130, 200), block: [2, 32] } }), argument('weight.block', '[1, 16] or [1, 32] for i8 codes')),
  wrong('linear', 'minimums of FP8 codes', ({ weight }) => ({ weight: { ...weight, minimums: f32(2, 2) } }), argument('weight.minimums', 'absent for f8_e4m3 codes')),
  wrong('linear', 'minimums of another shape', () => ({ weight: { ...i8(130, 200), minimums: f32(130, 6) } }), shape('weight.minimums', '[ceil(rows / block height) = 130, ceil(columns / block width) = 7]', '[130, 6]')),
  wrong('linear', 'minimums in f16', () => ({ weight: { ...i8(130, 200), minimums: make('f16', [130, 7]) } }), dtype('weight.minimums', 'f32', 'f16')),
  wrong('linear', 'out overlaps the minimums', () => { const weight = i8(7, 200, 32, true); return { x: f32(7, 200), weight, out: { ...weight.minimums!, shape: [7, 7] } } }, overlap('out', 'weight')),
  wrong('rope', 'rotated part wider than a head', () => ({ table: f32(50, 6, 2) }), argument('2 * halfDim', '<= headDim = 10')),
  wrong('rope', 'table without pairs', () => ({ table: f32(50, 2, 3) }), shape('table', '[maxPositions, halfDim, 2]', '[50, 2, 3]')),
  wrong('rope', 'x without heads', () => ({ x: f32(3, 10) }), shape('x', '[tokens, heads, headDim]', '[3, 10]')),
  wrong('rope', 'positions of other tokens', () => ({ positions: i32(4) }), shape('positions', '[tokens = 3]', '[4]')),
  wrong('writeLatent', 'kv of another width', () => ({ kv: f32(3, 21) }), shape('kv', '[tokens, rank + 2 * halfDim = 20]', '[3, 21]')),
  wrong('writeLatent', 'cache of another width', () => ({ cache: f32(30, 16) }), shape('cache', '[capacity, rank + 2 * halfDim = 20]', '[30, 16]')),
  wrong('writeLatent', 'cache overlaps kv', ({ cache }) => ({ kv: rows(cache, 4, 3) }), overlap('cache', 'kv')),
  wrong('writeLatent', 'a cache of another type', () => ({ cache: make('i32', [30, 20]) }), dtype('cache', 'f32 or bf16 or f16', 'i32')),
  wrong('writeLatent', 'E4M3 cache without scales', () => ({ cache: make('f8_e4m3', [30, 20]) }), dtype('cache', 'f32 or bf16 or f16', 'f8_e4m3')),
  wrong('writeLatent', 'E5M2 cache', () => ({ cache: { ...groups([20], 8), codes: make('f8_e5m2', [30, 20]) } }), dtype('cache.codes', 'f8_e4m3', 'f8_e5m2')),
  wrong('writeLatent', 'groups of 6', () => ({ cache: { ...groups([20], 8), block: [1, 6] } }), argument('cache.block', '[1, a multiple of 4 >= 4]')),
  wrong('writeLatent', 'groups of two rows', () => ({ cache: { ...groups([20], 8), block: [2, 8] } }), argument('cache.block')),
  wrong('writeLatent', 'a group of 0', () => ({ cache: { ...groups([20], 8), block: [1, 0] } }), argument('cache.block')),
  wrong('writeLatent', 'too few scales', () => ({ cache: { ...groups([20], 8), scales: f32(30, 2) } }), shape('cache.scales', '[capacity = 30, ceil(columns / group) = 3]', '[30, 2]')),
  wrong('writeLatent', 'a cache with minimums', () => ({ cache: { ...groups([20], 8), minimums: f32(30, 3) } }), argument('cache.minimums')),
  wrong('writeLatent', 'scales among the codes', () => { const cache = groups([20], 20); return { cache: { ...cache, scales: { ...cache.codes, dtype: 'f32', shape: [30, 1] } } } }, overlap('cache.codes', 'cache.scales')),
  wrong('writeLatent', 'scales overlap kv', () => { const cache = groups([20], 8); const kv = f32(30, 20); return { cache: { ...cache, scales: { ...kv, shape: [30, 3] } }, kv: rows(kv, 1, 3) } }, overlap('cache', 'kv')),
  wrong('writeLatent', 'rows of half words', () => ({ kv: f32(3, 21), weight: make('bf16', [17]), cache: make('bf16', [30, 21]) }), argument('bytes of a row of cache', 'a multiple of 4')),
  wrong('writeLatent', 'E4M3 rows of half words', () => ({ kv: f32(3, 22), weight: make('bf16', [18]), cache: groups([22], 8) }), argument('bytes of a row of cache.codes', 'a multiple of 4')),
  wrong('writeLatent', 'a cache between words', () => ({ cache: { ...make('bf16', [31, 20]), shape: [30, 20], offset: 2 } }), argument('offset of cache', 'a multiple of 4')),
  wrong('latentAttention', 'cache narrower than the rank', () => ({ cache: f32(30, 16) }), argument('2 * halfDim (cache width - rank)', 'even and > 0')),
  wrong('latentAttention', 'odd rotated part', () => ({ cache: f32(30, 19) }), argument('2 * halfDim (cache width - rank)', 'even and > 0')),
  wrong('latentAttention', 'q only rotated', () => ({ q: f32(3, 2, 4) }), argument('nope (q width - 2 * halfDim)', '> 0')),
  wrong('latentAttention', 'kvB of other heads', () => ({ kvB: fp8(42, 16) }), shape('kvB.codes', '[heads * (nope + v) = 28, rank]', '[42, 16]')),
  wrong('latentAttention', 'out of other heads', () => ({ out: f32(3, 3, 6) }), shape('out', '[tokens = 3, heads = 2, v]', '[3, 3, 6]')),
  wrong('latentAttention', 'negative scale', () => ({ scale: -1 }), argument('scale')),
  wrong('route', 'groups do not divide', () => ({ groups: 5 }), argument('groups', 'a divisor of experts = 12')),
  wrong('route', 'no groups', () => ({ groups: 0 }), argument('groups')),
  wrong('route', 'one expert per group', () => ({ groups: 12, topGroups: 6 }), argument('experts per group', '>= 2, for the score of the best two')),
  wrong('route', 'more top groups than groups', () => ({ topGroups: 5 }), argument('topGroups', 'an integer in 1 .. groups = 4')),
  wrong('route', 'more experts than eligible', () => ({ topGroups: 1 }), argument('topK', '<= 3, the experts of topGroups')),
  wrong('route', 'bias of other length', () => ({ bias: f32(11) }), shape('bias', '[experts = 12]', '[11]')),
  wrong('route', 'weights of another k', () => ({ weights: f32(3, 5) }), shape('weights', '[tokens = 3, topK = 6]', '[3, 5]')),
  wrong('route', 'infinite factor', () => ({ scalingFactor: Infinity }), argument('scalingFactor')),
  wrong('moe', 'no experts', () => ({ experts: [] }), argument('experts', 'at least one expert')),
  wrong('moe', 'an expert of another shape', ({ experts }) => ({ experts: [experts[0], { ...expert(), up: fp8(25, 40) }] }), shape('experts[1].up.codes', '[intermediate = 24, hidden = 40]', '[25, 40]')),
  wrong('moe', 'down not transposed', ({ experts }) => ({ experts: [{ ...experts[0], down: fp8(24, 40) }] }), shape('experts[0].down.codes', '[hidden = 40, intermediate = 24]', '[24, 40]')),
  wrong('moe', 'a dense expert among FP8 ones', ({ experts }) => ({ experts: [experts[0], { ...expert(), up: f32(24, 40) }] }), argument('experts[1].up', 'f8_e4m3 in blocks of [128, 128], as experts[0].gate')),
  wrong('moe', 'an expert in other blocks', ({ experts }) => ({ experts: [experts[0], { ...expert(), gate: fp8(24, 40, [32, 32]) }] }), argument('experts[1].gate')),
  wrong('moe', 'an expert with minimums among others', () => ({ experts: [expert((h, w) => i8(h, w)), { ...expert((h, w) => i8(h, w)), gate: i8(24, 40, 32, true) }] }), argument('experts[1].gate', 'i8 in blocks of [1, 32], as experts[0].gate')),
  wrong('moe', 'down in other blocks than of the first', ({ experts }) => ({ experts: [experts[0], { ...expert(), down: i8(40, 24) }] }), argument('experts[1].down', 'f8_e4m3 in blocks of [128, 128], as experts[0].down')),
  wrong('moe', 'out is x', ({ x }) => ({ out: x }), overlap('out', 'x')),
  wrong('siluMul', 'shapes differ', () => ({ up: f32(3, 2) }), shape('up', '[2, 3]', '[3, 2]')),
  wrong('siluMul', 'out shifted against gate', () => { const both = f32(3, 3); return { gate: rows(both, 0, 2), out: rows(both, 1, 2) } }, overlap('out', 'gate')),
  wrong('add', 'b is bf16', () => ({ b: make('bf16', [2, 3]) }), dtype('b', 'f32', 'bf16')),
  wrong('add', 'ranks differ', () => ({ a: f32(6) }), shape('a', '[2, 3]', '[6]')),
  wrong('add', 'beyond the buffer', ({ a }) => ({ a: { ...a, offset: 4 } }), argument('end of a', '<= 24 bytes (buffer test)')),
  wrong('add', 'misaligned', ({ a }) => ({ a: { ...a, offset: 2 } }), argument('offset of a', 'a multiple of 4, >= 0')),
  wrong('add', 'a negative offset', ({ a }) => ({ a: { ...a, offset: -4 } }), argument('offset of a')),
  wrong('add', 'a negative size', ({ a }) => ({ a: { ...a, shape: [-1, 3] }, b: { ...a, shape: [-1, 3] }, out: { ...a, shape: [-1, 3] } }), shape('a', 'of integers >= 0', '[-1, 3]')),
  wrong('add', 'a row of another width', () => ({ b: f32(2) }), shape('b', '[3]', '[2]')),
  wrong('add', 'out overlaps the row', () => { const b = f32(3); return { b, a: f32(1, 3), out: { ...b, shape: [1, 3] } } }, overlap('out', 'b')),
  wrong('concat', 'out too narrow', () => ({ out: f32(3, 5) }), shape('out', '[tokens = 3, left + right = 6]', '[3, 5]')),
  wrong('concat', 'other tokens', () => ({ b: f32(2, 2) }), shape('b', '[tokens = 3, right]', '[2, 2]')),
  wrong('concat', 'out is a', ({ out }) => ({ a: { ...out, shape: [3, 4] } }), overlap('out', 'a')),
  wrong('linear', 'a weight without rows', () => ({ weight: f32(0, 200) }), shape('weight', '[outputs, inputs = 200]', '[0, 200]')),
  wrong('rope', 'pairs of another kind', () => ({ pairs: 'neox' }), argument('pairs', 'interleaved or halves')),
  wrong('route', 'scores of another kind', () => ({ scoring: 'relu' }), argument('scoring', 'sigmoid or softmax')),
  wrong('writeKv', 'values of other heads', () => ({ v: f32(3, 4, 6) }), shape('v', '[tokens = 3, kvHeads = 2, valueDim]', '[3, 4, 6]')),
  wrong('writeKv', 'keys of another width', () => ({ keys: f32(30, 2, 9) }), shape('keys', '[capacity, kvHeads = 2, headDim = 8]', '[30, 2, 9]')),
  wrong('writeKv', 'values of other rows', () => ({ values: f32(31, 2, 6) }), shape('values', '[capacity = 30, kvHeads = 2, valueDim = 6]', '[31, 2, 6]')),
  wrong('writeKv', 'keys overlap values', ({ keys }) => ({ v: f32(3, 2, 8), values: keys }), overlap('keys', 'values')),
  wrong('writeKv', 'values of another type', () => ({ values: make('f16', [30, 2, 6]) }), dtype('values', 'f32, as keys', 'f16')),
  wrong('attention', 'values with scales, keys without', () => ({ values: groups([2, 6], 4) }), dtype('values', 'f32, as keys', 'f8_e4m3')),
  wrong('attention', 'scales for one head of two', () => ({ keys: { ...groups([2, 8], 8), scales: f32(30, 1) }, values: groups([2, 6], 4) }), shape('keys.scales', '[capacity = 30, ceil(columns / group) = 2]', '[30, 1]')),
  wrong('writeKv', 'keys overlap k', ({ keys }) => ({ k: rows(keys, 1, 3) }), overlap('keys', 'k')),
  wrong('attention', 'heads that do not divide', () => ({ q: f32(3, 5, 8), out: f32(3, 5, 6) }), argument('heads', 'a multiple of kvHeads = 2')),
  wrong('attention', 'queries of another width', () => ({ q: f32(3, 4, 9) }), shape('keys', '[capacity, kvHeads, headDim = 9]', '[30, 2, 8]')),
  wrong('attention', 'out of other heads', () => ({ out: f32(3, 2, 6) }), shape('out', '[tokens = 3, heads = 4, valueDim = 6]', '[3, 2, 6]')),
  wrong('attention', 'out overlaps q', () => { const q = f32(3, 4, 8); return { q, values: f32(30, 2, 8), out: q } }, overlap('out', 'q')),
  wrong('attention', 'sequences of other tokens', ({ paging }) => ({ paging: { ...paging, sequences: i32(2) } }), shape('paging.sequences', '[tokens = 3]', '[2]')),
  wrong('attention', 'pages without rows', ({ paging }) => ({ paging: { ...paging, pageSize: 0 } }), argument('paging.pageSize', 'an integer in 1 .. capacity = 30')),
  wrong('attention', 'pages larger than the cache', ({ paging }) => ({ paging: { ...paging, pageSize: 31 } }), argument('paging.pageSize')),
  wrong('latentAttention', 'a page table of floats', ({ paging }) => ({ paging: { ...paging, pages: f32(2, 5) } }), dtype('paging.pages', 'i32', 'f32')),
  wrong('attention', 'out overlaps the pages', ({ paging, out }) => ({ paging: { ...paging, pages: { ...out, dtype: 'i32', shape: [2, 5] } } }), overlap('out', 'paging.pages')),
  wrong('latentAttention', 'out overlaps the sequences', ({ paging, out }) => ({ paging: { ...paging, sequences: { ...out, dtype: 'i32', shape: [3] } } }), overlap('out', 'paging.sequences')),
  wrong('latentAttention', 'out overlaps the cache', ({ cache }) => ({ out: { ...cache, shape: [3, 2, 6] } }), overlap('out', 'cache')),
  wrong('writeLatent', 'cache overlaps the pages', ({ cache }) => ({ paging: { ...paging(), pages: { ...cache, dtype: 'i32', shape: [2, 5] } } }), overlap('cache', 'paging.pages')),
  wrong('writeKv', 'values overlap the sequences', ({ values }) => ({ paging: { ...paging(), sequences: { ...values, dtype: 'i32', shape: [3] } } }), overlap('values', 'paging.sequences')),
  wrong('writeKv', 'values overlap the positions', ({ values }) => ({ positions: { ...values, dtype: 'i32', shape: [3] } }), overlap('values', 'positions')),
  wrong('writeKv', 'keys overlap v', ({ keys }) => ({ v: { ...keys, shape: [3, 2, 6] } }), overlap('keys', 'v')),
  wrong('attention', 'out overlaps the values', ({ values }) => ({ out: { ...values, shape: [3, 4, 6] } }), overlap('out', 'values')),
  wrong('writeLatent', 'cache overlaps the table', ({ cache }) => ({ table: { ...cache, shape: [50, 2, 2] } }), overlap('cache', 'table')),
  wrong('concat', 'out is b', ({ out }) => ({ b: { ...out, shape: [3, 2] } }), overlap('out', 'b')),
  wrong('route', 'weights overlap the bias', ({ weights }) => ({ bias: { ...weights, shape: [12] } }), overlap('weights', 'bias')),
  wrong('rope', 'x overlaps the table', ({ x }) => ({ table: { ...x, shape: [2, 2, 2] } }), overlap('x', 'table')),
  wrong('route', 'groups of the best with another name', () => ({ groupScore: 'sum' }), argument('groupScore', 'best-two or best')),
  wrong('add', 'a foreign buffer', ({ a }) => ({ b: { ...a, buffer: { bytes: 24, label: 'mine' } } }), argument('b', 'in a live buffer of this backend')),
])('%s', (_, op, change, facts) => {
  const args = good[op]()
  const changed = { ...args, ...change(args as never) }
  let error: unknown
  try {
    run(op, changed)
  } catch (thrown) {
    error = thrown
  }
  expect(error).toMatchObject(facts)
  expect(calls).not.toContain(op)
})
