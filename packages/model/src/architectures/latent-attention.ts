/**
 * Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434), in the absorbed form: the cache holds the normed latent
 * and one rotated key per position, for all heads together.
 *
 * Shapes in comments: H hidden, h heads, R latent rank, n/r/v the nope, rope and value parts of a head.
 */
import type { CacheTensor, Tensor, Weight, WorkspacePlan } from '@octoscale/tensor'
import type { LatentConfig } from '../config/model-config.ts'
import { attentionScale } from '../rope.ts'
import type { Step, WeightSource } from './architecture.ts'
import type { AttentionKind } from './layer.ts'
import { f32 } from './plan.ts'

/** DeepSeek's code leaves the norms inside attention at this default, whatever `rms_norm_eps` says. */
const latentNormEpsilon = 1e-6

interface Weights {
  /** Two matrices with a norm between, or one. */
  readonly query:
    | { readonly a: Weight; readonly norm: Tensor; readonly b: Weight }
    | { readonly direct: Weight }
  readonly kvA: Weight
  readonly kvNorm: Tensor
  readonly kvB: Weight
  readonly output: Weight
}

export function latentAttention(config: LatentConfig): AttentionKind {
  return {
    cacheRows: [{ shape: [config.latentRank + config.ropeHeadDim], part: config.latentRank }],
    plan: (batch) => plan(config, batch),
    load(source, prefix, table) {
      const weights = load(config, source, prefix)
      return (step, [cache]) => attend(config, weights, table, cache as CacheTensor, step)
    },
  }
}

function plan(config: LatentConfig, batch: number): WorkspacePlan {
  const { heads, queryRank, nopeHeadDim, ropeHeadDim, latentRank, valueHeadDim } = config
  return {
    ...(queryRank === undefined ? {} : { queryLatent: f32(batch, queryRank) }),
    query: f32(batch, heads * (nopeHeadDim + ropeHeadDim)),
    kv: f32(batch, latentRank + ropeHeadDim),
    attended: f32(batch, heads * valueHeadDim),
  }
}

function load(config: LatentConfig, source: WeightSource, prefix: string): Weights {
  const { hiddenSize, heads, queryRank, latentRank, nopeHeadDim, ropeHeadDim, valueHeadDim } = config
  const queries = heads * (nopeHeadDim + ropeHeadDim)
  return {
    query:
      queryRank === undefined
        ? { direct: source.matrix(`${prefix}q_proj.weight`, queries, hiddenSize) }
        : {
            a: source.matrix(`${prefix}q_a_proj.weight`, queryRank, hiddenSize),
            norm: source.dense(`${prefix}q_a_layernorm.weight`, [queryRank]),
            b: source.matrix(`${prefix}q_b_proj.weight`, queries, queryRank),
          },
    kvA: source.matrix(`${prefix}kv_a_proj_with_mqa.weight`, latentRank + ropeHeadDim, hiddenSize),
    kvNorm: source.dense(`${prefix}kv_a_layernorm.weight`, [latentRank]),
    kvB: source.matrix(`${prefix}kv_b_proj.weight`, heads * (nopeHeadDim + valueHeadDim), latentRank),
    output: source.matrix(`${prefix}o_proj.weight`, hiddenSize, heads * valueHeadDim),
  }
}

/** normed [tokens, H] → addition [tokens, H], through the latent cache. */
function attend(
  config: LatentConfig,
  attention: Weights,
  table: Tensor,
  cache: CacheTensor,
  step: Step,
): void {
  const { ops, tokens, workspace, paging } = step
  const { heads, nopeHeadDim, ropeHeadDim, valueHeadDim } = config
  const headDim = nopeHeadDim + ropeHeadDim
  const positions = workspace.take('positions', tokens) // [tokens]
  const x = workspace.take('normed', tokens) // [tokens, H]
  const query = workspace.take('query', tokens) // [tokens, h (n + r)]
  const q = workspace.as('query', [tokens, heads, headDim])
  const kv = workspace.take('kv', tokens) // [tokens, R + r]

  if ('direct' in attention.query) {
    ops.linear({ x, weight: attention.query.direct, out: query })
  } else {
    const { a, norm, b } = attention.query
    const latent = workspace.take('queryLatent', tokens) // [tokens, query rank]
    ops.linear({ x, weight: a, out: latent })
    ops.rmsNorm({ x: latent, weight: norm, epsilon: latentNormEpsilon, out: latent })
    ops.linear({ x: latent, weight: b, out: query })
  }
  ops.rope({ pairs: 'interleaved', x: q, positions, table })

  ops.linear({ x, weight: attention.kvA, out: kv })
  const norm = { weight: attention.kvNorm, epsilon: latentNormEpsilon }
  ops.writeLatent({ kv, ...norm, positions, table, cache, paging })

  const scale = attentionScale(config.rope, headDim)
  const attended = workspace.as('attended', [tokens, heads, valueHeadDim])
  ops.latentAttention({ q, kvB: attention.kvB, cache, positions, scale, out: attended, paging })
  const joined = workspace.take('attended', tokens) // [tokens, h v]
  ops.linear({ x: joined, weight: attention.output, out: workspace.take('addition', tokens) })
}
