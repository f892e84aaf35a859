/** One pre-norm layer: `x = x + attention(norm(x))`, `x = x + feedForward(norm(x))`. */
import type { CacheTensor, Tensor, WorkspacePlan } from '@octoscale/tensor'
import type { CacheRow } from '../cache-type.ts'
import type { ModelConfig } from '../config/model-config.ts'
import type { Step, WeightSource } from './architecture.ts'
import { type FeedForward, loadFeedForward, runFeedForward } from './feed-forward.ts'

/** What differs between kinds of attention. */
export interface AttentionKind {
  /** The cache rows of one layer. */
  readonly cacheRows: readonly CacheRow[]
  plan(batch: number): WorkspacePlan
  /** `prefix` ends in `self_attn.`; `table` is the rope table. */
  load(source: WeightSource, prefix: string, table: Tensor): AttentionLayer
}

/** normed [tokens, H] → addition [tokens, H], through the cache tensors of this layer. */
export type AttentionLayer = (step: Step, caches: readonly CacheTensor[]) => void

export interface Layer {
  readonly inputNorm: Tensor
  readonly attend: AttentionLayer
  readonly postAttentionNorm: Tensor
  readonly feedForward: FeedForward
}

export function loadLayer(
  config: ModelConfig,
  source: WeightSource,
  attention: AttentionKind,
  table: Tensor,
  index: number,
): Layer {
  const { hiddenSize } = config
  const prefix = `model.layers.${index}.`
  return {
    inputNorm: source.dense(`${prefix}input_layernorm.weight`, [hiddenSize]),
    attend: attention.load(source, `${prefix}self_attn.`, table),
    postAttentionNorm: source.dense(`${prefix}post_attention_layernorm.weight`, [hiddenSize]),
    feedForward: loadFeedForward(config, source, `${prefix}mlp.`, index),
  }
}

/**
 * residual (+ addition, what the layer before has yet to add; none before the first) → residual and addition,
 * all [tokens, H].
 */
export function runLayer(
  layer: Layer,
  epsilon: number,
  step: Step,
  caches: readonly CacheTensor[],
  first: boolean,
): void {
  const { ops, tokens, workspace } = step
  const residual = workspace.take('residual', tokens)
  const addition = workspace.take('addition', tokens)
  const normed = workspace.take('normed', tokens)
  if (first) ops.rmsNorm({ x: residual, weight: layer.inputNorm, epsilon, out: normed })
  else ops.rmsNorm({ x: addition, residual, weight: layer.inputNorm, epsilon, out: normed })
  layer.attend(step, caches)
  ops.rmsNorm({ x: addition, residual, weight: layer.postAttentionNorm, epsilon, out: normed })
  runFeedForward(layer.feedForward, step)
}
