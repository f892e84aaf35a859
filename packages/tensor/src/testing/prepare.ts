/** For each operation: the arguments of a case on a backend, and which tensors to compare afterwards. */
import type { Paging } from '../ops.ts'
import type { CacheTensor } from '../tensor.ts'
import { numel } from '../views.ts'
import type {
  AttentionCase,
  ConcatCase,
  ConformanceCase,
  ElementwiseCase,
  LatentAttentionCase,
  LinearCase,
  MoeCase,
  PagingCase,
  RmsNormCase,
  RopeCase,
  RouteCase,
  WriteKvCase,
  WriteLatentCase,
} from './case-types.ts'
import type { CaseInputs } from './inputs.ts'
import { specialRows } from './special-values.ts'

/** An operation ready to run. */
export interface Prepared {
  run(): void
  /** What it writes, by argument name. */
  readonly outputs: Readonly<Record<string, CacheTensor>>
}

export function prepare(each: ConformanceCase, inputs: CaseInputs): Prepared {
  const { ops } = inputs.backend
  switch (each.op) {
    case 'embed': {
      const { vocabulary, hidden } = each
      const ids = inputs.i32('ids', [each.ids.length], each.ids)
      const table = inputs.weight('table', each.table, [vocabulary, hidden])
      const out = inputs.out('out', [each.ids.length, hidden])
      return { run: () => ops.embed({ ids, table, out }), outputs: { out } }
    }
    case 'selectRows': {
      const [shape, dtype] = [[each.tokens, each.hidden], each.dtype ?? 'f32']
      const bits = () => Array.from({ length: numel(shape) }, () => inputs.random.below(2 ** 32) | 0)
      const x = dtype === 'i32' ? inputs.i32('x', shape, bits()) : inputs.normal('x', shape)
      const rows = inputs.i32('rows', [each.rows.length], each.rows)
      const out = inputs.out('out', [each.rows.length, each.hidden], dtype)
      return { run: () => ops.selectRows({ x, rows, out }), outputs: { out } }
    }
    case 'rmsNorm':
      return prepareRmsNorm(each, inputs)
    case 'linear':
      return prepareLinear(each, inputs)
    case 'rope':
      return prepareRope(each, inputs)
    case 'writeLatent':
      return prepareWriteLatent(each, inputs)
    case 'latentAttention':
      return prepareLatentAttention(each, inputs)
    case 'writeKv':
      return prepareWriteKv(each, inputs)
    case 'attention':
      return prepareAttention(each, inputs)
    case 'route':
      return prepareRoute(each, inputs)
    case 'moe':
      return prepareMoe(each, inputs)
    case 'add':
    case 'siluMul':
      return prepareElementwise(each, inputs)
    case 'concat':
      return prepareConcat(each, inputs)
  }
}

function prepareRmsNorm(each: RmsNormCase, inputs: CaseInputs): Prepared {
  const shape = [each.tokens, each.hidden]
  const x = inputs.normal('x', shape, each.deviation)
  const residual = each.residual ? inputs.normal('residual', shape, each.deviation) : undefined
  const weight = inputs.floats('weight', each.weight, [each.hidden], 0.1, 1)
  const out = each.inPlace ? x : inputs.out('out', shape)
  const run = () => inputs.backend.ops.rmsNorm({ x, residual, weight, epsilon: 1e-6, out })
  return { run, outputs: residual === undefined ? { out } : { out, residual } }
}

function prepareLinear(each: LinearCase, inputs: CaseInputs): Prepared {
  const { tokens, inputs: width, outputs: height } = each
  const oneHot = each.x === 'one-hot'
  const ones = () => Float32Array.from({ length: tokens * width }, (_, i) => (i % (width + 1) === 0 ? 1 : 0))
  const x = oneHot ? inputs.f32('x', [tokens, width], ones()) : inputs.normal('x', [tokens, width])
  const weight = inputs.weight('weight', each.weight, [height, width], oneHot)
  const out = inputs.out('out', [tokens, height])
  return { run: () => inputs.backend.ops.linear({ x, weight, out }), outputs: { out } }
}

function prepareRope(each: RopeCase, inputs: CaseInputs): Prepared {
  const { pairs, heads, headDim, halfDim, positions } = each
  const x = inputs.normal('x', [positions.length, heads, headDim])
  const table = inputs.f32('table', [64, halfDim, 2], angles(64, halfDim))
  const at = inputs.i32('positions', [positions.length], positions)
  return { run: () => inputs.backend.ops.rope({ pairs, x, positions: at, table }), outputs: { x } }
}

function prepareWriteLatent(each: WriteLatentCase, inputs: CaseInputs): Prepared {
  const { rank, halfDim, capacity, positions } = each
  const width = rank + 2 * halfDim
  const kv = inputs.normal('kv', [positions.length, width])
  const weight = inputs.floats('weight', each.weight, [rank], 0.1, 1)
  const at = inputs.i32('positions', [positions.length], positions)
  const table = inputs.f32('table', [64, halfDim, 2], angles(64, halfDim))
  // Rows that are not written must keep what they had.
  const cache = inputs.cache('cache', each.cache ?? 'f32', [capacity, width])
  const paging = preparePaging(each.paging, inputs)
  const run = () =>
    inputs.backend.ops.writeLatent({ kv, weight, epsilon: 1e-6, positions: at, table, cache, paging })
  return { run, outputs: { cache } }
}

function prepareLatentAttention(each: LatentAttentionCase, inputs: CaseInputs): Prepared {
  const { heads, nope, halfDim, v, rank, capacity, positions, scale } = each
  const tokens = positions.length
  const q = inputs.normal('q', [tokens, heads, nope + 2 * halfDim])
  const kvB = inputs.weight('kvB', each.weight, [heads * (nope + v), rank])
  const cache = inputs.cache('cache', each.cache ?? 'f32', [capacity, rank + 2 * halfDim])
  const at = inputs.i32('positions', [tokens], positions)
  const out = inputs.out('out', [tokens, heads, v])
  const paging = preparePaging(each.paging, inputs)
  const run = () => inputs.backend.ops.latentAttention({ q, kvB, cache, positions: at, scale, out, paging })
  return { run, outputs: { out } }
}

function prepareWriteKv(each: WriteKvCase, inputs: CaseInputs): Prepared {
  const { kvHeads, headDim, valueDim, capacity, positions } = each
  const rows = (name: string, width: number) => {
    const shape = [positions.length, kvHeads, width]
    if (each.x !== 'special') return inputs.normal(name, shape)
    return inputs.f32(name, shape, specialRows(positions.length, kvHeads * width))
  }
  const [k, v] = [rows('k', headDim), rows('v', valueDim)]
  const at = inputs.i32('positions', [positions.length], positions)
  const keys = inputs.cache('keys', each.cache ?? 'f32', [capacity, kvHeads, headDim])
  const values = inputs.cache('values', each.cache ?? 'f32', [capacity, kvHeads, valueDim])
  const paging = preparePaging(each.paging, inputs)
  const run = () => inputs.backend.ops.writeKv({ k, v, positions: at, keys, values, paging })
  return { run, outputs: { keys, values } }
}

function prepareAttention(each: AttentionCase, inputs: CaseInputs): Prepared {
  const { heads, kvHeads, headDim, valueDim, capacity, positions, scale } = each
  const tokens = positions.length
  const q = inputs.normal('q', [tokens, heads, headDim])
  const keys = inputs.cache('keys', each.cache ?? 'f32', [capacity, kvHeads, headDim])
  const values = inputs.cache('values', each.cache ?? 'f32', [capacity, kvHeads, valueDim])
  const at = inputs.i32('positions', [tokens], positions)
  const out = inputs.out('out', [tokens, heads, valueDim])
  const paging = preparePaging(each.paging, inputs)
  const run = () => inputs.backend.ops.attention({ q, keys, values, positions: at, scale, out, paging })
  return { run, outputs: { out } }
}

function preparePaging(paging: PagingCase | undefined, inputs: CaseInputs): Paging | undefined {
  if (paging === undefined) return undefined
  const { pageSize, sequences, pages } = paging
  return {
    pageSize,
    sequences: inputs.i32('sequences', [sequences.length], sequences),
    pages: inputs.i32('pages', [pages.length, pages[0]!.length], pages.flat()),
  }
}

function prepareRoute(each: RouteCase, inputs: CaseInputs): Prepared {
  const { tokens, hidden, experts, topK } = each
  const ties = each.bias === 'ties'
  const x = inputs.normal('x', [tokens, hidden], ties ? 0 : 1)
  const gate = inputs.floats('gate', each.gate, [experts, hidden], 1 / Math.sqrt(hidden))
  const shift = each.bias === 'negative' ? -3 : 0
  const biases = inputs.random.normals(experts, ties ? 0 : 0.2).map((value) => value + shift)
  const bias = each.bias === 'none' ? undefined : inputs.f32('bias', [experts], biases)
  const indices = inputs.out('indices', [tokens, topK], 'i32')
  const weights = inputs.out('weights', [tokens, topK])
  const { scoring, groups, groupScore, topGroups, normalize, scalingFactor } = each
  const options = { scoring, groups, groupScore, topGroups, normalize, scalingFactor }
  const run = () => inputs.backend.ops.route({ x, gate, bias, ...options, indices, weights })
  return { run, outputs: { indices, weights } }
}

function prepareMoe(each: MoeCase, inputs: CaseInputs): Prepared {
  const { hidden, intermediate, weight: kind } = each
  const [tokens, topK] = [each.indices.length, each.indices[0]!.length]
  const x = inputs.normal('x', [tokens, hidden])
  const indices = inputs.i32('indices', [tokens, topK], each.indices.flat())
  const shares = Float32Array.from({ length: tokens * topK }, () => inputs.random.uniform())
  const weights = inputs.f32('weights', [tokens, topK], shares)
  const experts = Array.from({ length: each.experts }, (_, e) => ({
    gate: inputs.weight(`gate ${e}`, kind, [intermediate, hidden]),
    up: inputs.weight(`up ${e}`, kind, [intermediate, hidden]),
    down: inputs.weight(`down ${e}`, each.down ?? kind, [hidden, intermediate]),
  }))
  const out = inputs.out('out', [tokens, hidden])
  return { run: () => inputs.backend.ops.moe({ x, indices, weights, experts, out }), outputs: { out } }
}

function prepareElementwise(each: ElementwiseCase, inputs: CaseInputs): Prepared {
  const first = inputs.normal('first', each.shape, each.deviation)
  const second = inputs.normal('second', each.row ? each.shape.slice(-1) : each.shape, each.deviation)
  const fresh = () => inputs.out('out', each.shape)
  const out = each.alias === 'first' ? first : each.alias === 'second' ? second : fresh()
  const { ops } = inputs.backend
  const run =
    each.op === 'add'
      ? () => ops.add({ a: first, b: second, out })
      : () => ops.siluMul({ gate: first, up: second, out })
  return { run, outputs: { out } }
}

function prepareConcat({ tokens, left, right }: ConcatCase, inputs: CaseInputs): Prepared {
  const a = inputs.normal('a', [tokens, left])
  const b = inputs.normal('b', [tokens, right])
  const out = inputs.out('out', [tokens, left + right])
  return { run: () => inputs.backend.ops.concat({ a, b, out }), outputs: { out } }
}

/** `[positions, halfDim, 2]`: cosine and sine of `p / 100^(i / halfDim)`. */
function angles(positions: number, halfDim: number): Float32Array {
  const table = new Float32Array(positions * halfDim * 2)
  for (let p = 0; p < positions; p++) {
    for (let i = 0; i < halfDim; i++) {
      const angle = p / 100 ** (i / halfDim)
      table.set([Math.cos(angle), Math.sin(angle)], 2 * (p * halfDim + i))
    }
  }
  return table
}
