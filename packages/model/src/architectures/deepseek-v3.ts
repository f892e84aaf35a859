/**
 * DeepSeek-V3 (arXiv 2412.19437): multi-head latent attention and a mixture of experts with shared experts.
 *
 * Names are those of the published safetensors. Shapes in comments: H hidden, h heads, R latent rank,
 * n/r/v the nope, rope and value parts of a head.
 */
import { type Expert, type Tensor, type Weight, type WorkspacePlan, weightShape } from '@octoscale/tensor'
import type { ModelConfig, MoeConfig } from '../config/model-config.ts'
import { attentionScale, ropeTable } from '../rope.ts'
import type { Architecture, Limits, Network, Step, WeightSource } from './architecture.ts'
import { parseDeepseekV3 } from './deepseek-v3-config.ts'

/** DeepSeek's code leaves the norms inside attention at this default, whatever `rms_norm_eps` says. */
const latentNormEpsilon = 1e-6

interface Weights {
  /** [vocabulary, H] */
  readonly embedding: Tensor
  readonly layers: readonly Layer[]
  /** [H] */
  readonly norm: Tensor
  /** [vocabulary, H] */
  readonly head: Weight
  /** [positions, r / 2, 2] */
  readonly ropeTable: Tensor
}

interface Layer {
  readonly inputNorm: Tensor
  readonly attention: Attention
  readonly postAttentionNorm: Tensor
  readonly mlp: Mlp
}

interface Attention {
  /** Two matrices with a norm between, or one. */
  readonly query:
    | { readonly a: Weight; readonly norm: Tensor; readonly b: Weight }
    | { readonly direct: Weight }
  readonly kvA: Weight
  readonly kvNorm: Tensor
  readonly kvB: Weight
  readonly output: Weight
}

type Mlp =
  | { readonly dense: Expert }
  | {
      readonly gate: Tensor
      readonly bias: Tensor
      readonly experts: readonly Expert[]
      readonly shared: Expert | undefined
    }

export const deepseekV3: Architecture = {
  parseConfig: parseDeepseekV3,

  build(config: ModelConfig, source: WeightSource, limits: Limits): Network {
    const weights = loadWeights(config, source, limits)
    return {
      workspace: planWorkspace(config, limits),
      cache: { tensors: config.layers, width: config.latentRank + config.ropeHeadDim },
      forward: (step) => forward(config, weights, step),
      head: (step, rows) => head(weights, step, rows),
    }
  },

  skip(config, name) {
    // Layers after the main ones predict further tokens. They are not part of the forward pass.
    const layer = /^model\.layers\.(\d{1,6})\./.exec(name)?.[1]
    if (layer !== undefined) {
      const index = Number(layer) - config.layers
      if (index >= 0 && index < config.mtpLayers) return 'mtp'
    }
    // Old exports carry the frequencies, which follow from the config; tied ones may repeat the embedding.
    if (name.endsWith('.rotary_emb.inv_freq')) return 'derived'
    return config.tiedEmbeddings && name === 'lm_head.weight' ? 'derived' : undefined
  },
}

function loadWeights(config: ModelConfig, source: WeightSource, limits: Limits): Weights {
  const { vocabularySize, hiddenSize, ropeHeadDim } = config
  const embedding = source.dense('model.embed_tokens.weight', [vocabularySize, hiddenSize])
  return {
    embedding,
    layers: Array.from({ length: config.layers }, (_, i) => loadLayer(config, source, i)),
    norm: source.dense('model.norm.weight', [hiddenSize]),
    head: config.tiedEmbeddings ? embedding : source.matrix('lm_head.weight', vocabularySize, hiddenSize),
    ropeTable: source.computed('rope table', [limits.contextLength, ropeHeadDim / 2, 2], () =>
      ropeTable(config.rope, ropeHeadDim, limits.contextLength),
    ),
  }
}

function loadLayer(config: ModelConfig, source: WeightSource, index: number): Layer {
  const { hiddenSize, moe } = config
  const prefix = `model.layers.${index}.`
  return {
    inputNorm: source.dense(`${prefix}input_layernorm.weight`, [hiddenSize]),
    attention: loadAttention(config, source, `${prefix}self_attn.`),
    postAttentionNorm: source.dense(`${prefix}post_attention_layernorm.weight`, [hiddenSize]),
    mlp:
      moe !== undefined && hasExperts(moe, index)
        ? loadMoe(moe, hiddenSize, source, `${prefix}mlp.`)
        : { dense: loadMlp(source, `${prefix}mlp.`, config.intermediateSize, hiddenSize) },
  }
}

function hasExperts(moe: MoeConfig, layer: number): boolean {
  return layer >= moe.firstLayer && layer % moe.layerFrequency === 0
}

function loadAttention(config: ModelConfig, source: WeightSource, prefix: string): Attention {
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

function loadMlp(source: WeightSource, prefix: string, width: number, hiddenSize: number): Expert {
  return {
    gate: source.matrix(`${prefix}gate_proj.weight`, width, hiddenSize),
    up: source.matrix(`${prefix}up_proj.weight`, width, hiddenSize),
    down: source.matrix(`${prefix}down_proj.weight`, hiddenSize, width),
  }
}

function loadMoe(moe: MoeConfig, hiddenSize: number, source: WeightSource, prefix: string): Mlp {
  const { routedExperts, intermediateSize, sharedExperts } = moe
  const names = (part: string): string[] =>
    Array.from({ length: routedExperts }, (_, e) => `${prefix}experts.${e}.${part}_proj.weight`)
  const gates = source.matrices(names('gate'), intermediateSize, hiddenSize)
  const ups = source.matrices(names('up'), intermediateSize, hiddenSize)
  const downs = source.matrices(names('down'), hiddenSize, intermediateSize)
  const sharedWidth = sharedExperts * intermediateSize
  return {
    gate: source.dense(`${prefix}gate.weight`, [routedExperts, hiddenSize]),
    bias: source.float32(`${prefix}gate.e_score_correction_bias`, [routedExperts]),
    experts: gates.map((gate, e) => ({ gate, up: ups[e] as Weight, down: downs[e] as Weight })),
    shared:
      sharedExperts === 0 ? undefined : loadMlp(source, `${prefix}shared_experts.`, sharedWidth, hiddenSize),
  }
}

function planWorkspace(config: ModelConfig, { batch, logitRows }: Limits): WorkspacePlan {
  const { hiddenSize, heads, moe } = config
  const f32 = (...shape: number[]): WorkspacePlan[string] => ({ dtype: 'f32', shape })
  const i32 = (...shape: number[]): WorkspacePlan[string] => ({ dtype: 'i32', shape })
  const mlpWidth = Math.max(
    config.intermediateSize,
    moe === undefined ? 0 : moe.sharedExperts * moe.intermediateSize,
  )
  return {
    ids: i32(batch),
    positions: i32(batch),
    /** The residual stream, what the last block adds to it, and its norm. */
    residual: f32(batch, hiddenSize),
    addition: f32(batch, hiddenSize),
    normed: f32(batch, hiddenSize),
    ...(config.queryRank === undefined ? {} : { queryLatent: f32(batch, config.queryRank) }),
    query: f32(batch, heads * (config.nopeHeadDim + config.ropeHeadDim)),
    kv: f32(batch, config.latentRank + config.ropeHeadDim),
    attended: f32(batch, heads * config.valueHeadDim),
    mlpGate: f32(batch, mlpWidth),
    mlpUp: f32(batch, mlpWidth),
    ...(moe === undefined
      ? {}
      : {
          experts: i32(batch, moe.expertsPerToken),
          expertWeights: f32(batch, moe.expertsPerToken),
          shared: f32(batch, hiddenSize),
        }),
    rows: i32(logitRows),
    selected: f32(logitRows, hiddenSize),
    logits: f32(logitRows, config.vocabularySize),
  }
}

function forward(config: ModelConfig, weights: Weights, step: Step): void {
  const { ops, tokens, workspace } = step
  const take = (name: string): Tensor => workspace.take(name, tokens)
  const [residual, addition, normed] = [take('residual'), take('addition'), take('normed')] // [tokens, H]
  const epsilon = config.normEpsilon

  ops.embed({ ids: take('ids'), table: weights.embedding, out: residual })
  weights.layers.forEach((layer, index) => {
    if (index === 0) ops.rmsNorm({ x: residual, weight: layer.inputNorm, epsilon, out: normed })
    else ops.rmsNorm({ x: addition, residual, weight: layer.inputNorm, epsilon, out: normed })
    attend(config, layer.attention, weights.ropeTable, step.caches[index] as Tensor, step)
    ops.rmsNorm({ x: addition, residual, weight: layer.postAttentionNorm, epsilon, out: normed })
    if ('dense' in layer.mlp) runMlp(layer.mlp.dense, step, addition)
    else runExperts(config.moe as MoeConfig, layer.mlp, step)
  })
  ops.rmsNorm({ x: addition, residual, weight: weights.norm, epsilon, out: normed })
}

/** normed [tokens, H] → addition [tokens, H], through the latent cache. */
function attend(config: ModelConfig, attention: Attention, table: Tensor, cache: Tensor, step: Step): void {
  const { ops, tokens, workspace } = step
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
  ops.writeLatent({ kv, weight: attention.kvNorm, epsilon: latentNormEpsilon, positions, table, cache })

  const scale = attentionScale(config.rope, headDim)
  const attended = workspace.as('attended', [tokens, heads, valueHeadDim])
  ops.latentAttention({ q, kvB: attention.kvB, cache, positions, scale, out: attended })
  const joined = workspace.take('attended', tokens) // [tokens, h v]
  ops.linear({ x: joined, weight: attention.output, out: workspace.take('addition', tokens) })
}

/** normed [tokens, H] → out [tokens, H]: down(silu(gate x) * up x). */
function runMlp(mlp: Expert, { ops, tokens, workspace }: Step, out: Tensor): void {
  const width = outputs(mlp.gate)
  const x = workspace.take('normed', tokens)
  const gate = workspace.as('mlpGate', [tokens, width])
  const up = workspace.as('mlpUp', [tokens, width])
  ops.linear({ x, weight: mlp.gate, out: gate })
  ops.linear({ x, weight: mlp.up, out: up })
  ops.siluMul({ gate, up, out: gate })
  ops.linear({ x: gate, weight: mlp.down, out })
}

/** normed [tokens, H] → addition [tokens, H]: the chosen experts, weighted, plus the shared one as it is. */
function runExperts(moe: MoeConfig, mlp: Exclude<Mlp, { dense: Expert }>, step: Step): void {
  const { ops, tokens, workspace } = step
  const x = workspace.take('normed', tokens)
  const indices = workspace.take('experts', tokens) // [tokens, experts per token]
  const weights = workspace.take('expertWeights', tokens)
  const out = workspace.take('addition', tokens)
  const { gate, bias, experts } = mlp
  const { groups, topGroups, normalize, scalingFactor } = moe
  const choice = {
    scoring: 'sigmoid',
    groupScore: 'best-two',
    groups,
    topGroups,
    normalize,
    scalingFactor,
  } as const
  ops.route({ x, gate, bias, ...choice, indices, weights })
  ops.moe({ x, indices, weights, experts, out })
  if (mlp.shared === undefined) return
  const shared = workspace.take('shared', tokens)
  runMlp(mlp.shared, step, shared)
  ops.add({ a: out, b: shared, out })
}

/** normed, rows → logits [rows, vocabulary]. */
function head(weights: Weights, { ops, tokens, workspace }: Step, rows: number): void {
  const selected = workspace.take('selected', rows) // [rows, H]
  ops.selectRows({ x: workspace.take('normed', tokens), rows: workspace.take('rows', rows), out: selected })
  ops.linear({ x: selected, weight: weights.head, out: workspace.take('logits', rows) })
}

function outputs(weight: Weight): number {
  return weightShape(weight)[0] as number
}
