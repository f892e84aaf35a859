/**
 * Grouped-query attention (arXiv 2305.13245) of Llama and Qwen: `heads / kvHeads` heads share a key and a value.
 * What the models do differently is in `GroupedConfig`: biases, norms of each head, which values are rotated together.
 */
import type { CacheTensor, RopePairs, Tensor, Weight, WorkspacePlan } from '@octoscale/tensor'
import type { GroupedConfig } from '../config/model-config.ts'
import type { Step, WeightSource } from './architecture.ts'
import type { AttentionKind } from './layer.ts'
import { f32 } from './plan.ts'

/** A linear layer: `x W^T`, plus a row. */
interface Projection {
  readonly weight: Weight
  readonly bias: Tensor | undefined
}

interface Weights {
  readonly query: Projection
  readonly key: Projection
  readonly value: Projection
  readonly output: Projection
  /** [headDim], both or none: norms of each head of query and key, before the rotation. */
  readonly headNorms: { readonly query: Tensor; readonly key: Tensor } | undefined
}

export function groupedAttention(config: GroupedConfig): AttentionKind {
  const row = { shape: [config.kvHeads, config.headDim], part: config.headDim }
  return {
    cacheRows: [row, row],
    plan: (batch) => plan(config, batch),
    load(source, prefix, table) {
      const weights = load(config, source, prefix)
      return (step, [keys, values]) =>
        attend(config, weights, table, { keys: keys as CacheTensor, values: values as CacheTensor }, step)
    },
  }
}

function plan({ heads, kvHeads, headDim }: GroupedConfig, batch: number): WorkspacePlan {
  return {
    query: f32(batch, heads * headDim),
    key: f32(batch, kvHeads * headDim),
    value: f32(batch, kvHeads * headDim),
    attended: f32(batch, heads * headDim),
  }
}

function load(config: GroupedConfig, source: WeightSource, prefix: string): Weights {
  const { hiddenSize, heads, kvHeads, headDim, bias, headNorms } = config
  const projection = (name: string, outputs: number, inputs: number, withBias: boolean): Projection => ({
    weight: source.matrix(`${prefix}${name}.weight`, outputs, inputs),
    bias: withBias ? source.float32(`${prefix}${name}.bias`, [outputs]) : undefined,
  })
  return {
    query: projection('q_proj', heads * headDim, hiddenSize, bias.input),
    key: projection('k_proj', kvHeads * headDim, hiddenSize, bias.input),
    value: projection('v_proj', kvHeads * headDim, hiddenSize, bias.input),
    output: projection('o_proj', hiddenSize, heads * headDim, bias.output),
    headNorms: headNorms
      ? {
          query: source.dense(`${prefix}q_norm.weight`, [headDim]),
          key: source.dense(`${prefix}k_norm.weight`, [headDim]),
        }
      : undefined,
  }
}

/** normed [tokens, H] → addition [tokens, H], through the cache of keys and values. */
function attend(
  config: GroupedConfig,
  weights: Weights,
  table: Tensor,
  cache: { readonly keys: CacheTensor; readonly values: CacheTensor },
  step: Step,
): void {
  const { ops, tokens, workspace, paging } = step
  const { heads, kvHeads, headDim } = config
  const positions = workspace.take('positions', tokens)
  const x = workspace.take('normed', tokens)
  const pairs: RopePairs = config.ropePairs

  project(step, weights.query, x, 'query')
  project(step, weights.key, x, 'key')
  project(step, weights.value, x, 'value')
  if (weights.headNorms !== undefined) {
    const norm = (name: string, count: number, weight: Tensor): void => {
      const view = workspace.as(name, [tokens * count, headDim])
      ops.rmsNorm({ x: view, weight, epsilon: config.normEpsilon, out: view })
    }
    norm('query', heads, weights.headNorms.query)
    norm('key', kvHeads, weights.headNorms.key)
  }
  const q = workspace.as('query', [tokens, heads, headDim])
  const k = workspace.as('key', [tokens, kvHeads, headDim])
  const v = workspace.as('value', [tokens, kvHeads, headDim])
  ops.rope({ pairs, x: q, positions, table })
  ops.rope({ pairs, x: k, positions, table })
  ops.writeKv({ k, v, positions, ...cache, paging })
  const out = workspace.as('attended', [tokens, heads, headDim])
  ops.attention({ q, ...cache, positions, scale: headDim ** -0.5, out, paging })
  project(step, weights.output, workspace.take('attended', tokens), 'addition')
}

function project(
  { ops, tokens, workspace }: Step,
  { weight, bias }: Projection,
  x: Tensor,
  to: string,
): void {
  const out = workspace.take(to, tokens)
  ops.linear({ x, weight, out })
  if (bias !== undefined) ops.add({ a: out, b: bias, out })
}
