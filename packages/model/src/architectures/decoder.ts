/** What all architectures here share: embedding, layers with a residual stream, a last norm, the head. */
import type { CacheTensor, Tensor, WorkspacePlan } from '@octoscale/tensor'
import type { ModelConfig } from '../config/model-config.ts'
import { ropeTable } from '../rope.ts'
import type { Limits, Network, Step, WeightSource } from './architecture.ts'
import { planFeedForward } from './feed-forward.ts'
import { type AttentionKind, loadLayer, runLayer } from './layer.ts'
import { multiTokenPrediction } from './multi-token-prediction.ts'
import { f32, i32 } from './plan.ts'

/** The network of `config`, with names of tensors as transformers has them; `ropeDim` values of a head are rotated. */
export function buildDecoder(
  config: ModelConfig,
  source: WeightSource,
  limits: Limits,
  attention: AttentionKind,
  ropeDim: number,
): Network {
  const { vocabularySize, hiddenSize, normEpsilon: epsilon } = config
  const embedding = source.matrix('model.embed_tokens.weight', vocabularySize, hiddenSize)
  const table = loadRopeTable(config, source, limits, ropeDim)
  const layers = Array.from({ length: config.layers }, (_, i) =>
    loadLayer(config, source, attention, table, i),
  )
  const norm = source.dense('model.norm.weight', [hiddenSize])
  const head = config.tiedEmbeddings ? embedding : source.matrix('lm_head.weight', vocabularySize, hiddenSize)
  const withMtp = limits.mtp === true && config.mtpLayers > 0
  const perLayer = attention.cacheRows.length
  const cachesOf = (step: Step, layer: number): readonly CacheTensor[] =>
    step.caches.slice(layer * perLayer, (layer + 1) * perLayer)

  return {
    workspace: {
      ...planWorkspace(config, limits),
      ...attention.plan(limits.batch),
      ...planFeedForward(config, limits.batch),
      ...(withMtp ? { mtpIds: i32(limits.batch), mtpInput: f32(limits.batch, 2 * hiddenSize) } : {}),
    },
    cache: Array.from({ length: config.layers + (withMtp ? 1 : 0) }, () => attention.cacheRows).flat(),
    forward(step) {
      const { ops, tokens, workspace } = step
      const [residual, addition] = [workspace.take('residual', tokens), workspace.take('addition', tokens)]
      ops.embed({ ids: workspace.take('ids', tokens), table: embedding, out: residual })
      layers.forEach((layer, index) => {
        runLayer(layer, epsilon, step, cachesOf(step, index), index === 0)
      })
      ops.rmsNorm({ x: addition, residual, weight: norm, epsilon, out: workspace.take('normed', tokens) })
    },
    /** normed, rows → logits [rows, vocabulary]. */
    head({ ops, tokens, workspace }, rows) {
      const selected = workspace.take('selected', rows) // [rows, H]
      const normed = workspace.take('normed', tokens)
      ops.selectRows({ x: normed, rows: workspace.take('rows', rows), out: selected })
      ops.linear({ x: selected, weight: head, out: workspace.take('logits', rows) })
    },
    mtp: withMtp
      ? multiTokenPrediction(config, source, attention, { embedding, table }, (step) =>
          cachesOf(step, config.layers),
        )
      : undefined,
  }
}

/** [positions, ropeDim / 2, 2]. Some GGUF files hold the divisors of the frequencies instead of a rule for them. */
function loadRopeTable(config: ModelConfig, source: WeightSource, limits: Limits, ropeDim: number): Tensor {
  const { rope } = config
  const shape = [limits.contextLength, ropeDim / 2, 2]
  if (!rope.divisorsInFile) {
    return source.computed('rope table', shape, () => ropeTable(rope, ropeDim, limits.contextLength))
  }
  return source.computedFrom('rope_freqs.weight', [ropeDim / 2], 'rope table', shape, (divisors) =>
    ropeTable(rope, ropeDim, limits.contextLength, divisors),
  )
}

function planWorkspace({ hiddenSize, vocabularySize }: ModelConfig, limits: Limits): WorkspacePlan {
  const { batch, logitRows } = limits
  return {
    ids: i32(batch),
    positions: i32(batch),
    /** The residual stream, what the last block adds to it, and its norm. */
    residual: f32(batch, hiddenSize),
    addition: f32(batch, hiddenSize),
    normed: f32(batch, hiddenSize),
    rows: i32(logitRows),
    selected: f32(logitRows, hiddenSize),
    logits: f32(logitRows, vocabularySize),
  }
}
