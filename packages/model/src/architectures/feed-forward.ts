/** The second half of a layer: one gated MLP, or a mixture of experts with or without shared ones. */
import { type Expert, type Tensor, type Weight, type WorkspacePlan, weightShape } from '@octoscale/tensor'
import type { ModelConfig, MoeConfig } from '../config/model-config.ts'
import type { Step, WeightSource } from './architecture.ts'
import { f32, i32 } from './plan.ts'

export type FeedForward = { readonly dense: Expert } | Experts

interface Experts {
  readonly moe: MoeConfig
  /** [experts, H] */
  readonly gate: Tensor
  readonly bias: Tensor | undefined
  readonly experts: readonly Expert[]
  readonly shared: Expert | undefined
}

/** `prefix` ends in `mlp.`. */
export function loadFeedForward(
  { moe, hiddenSize, intermediateSize }: ModelConfig,
  source: WeightSource,
  prefix: string,
  layer: number,
): FeedForward {
  if (moe === undefined || moe.denseLayers.includes(layer)) {
    return { dense: loadMlp(source, prefix, intermediateSize, hiddenSize) }
  }
  return loadExperts(moe, hiddenSize, source, prefix)
}

function loadMlp(source: WeightSource, prefix: string, width: number, hiddenSize: number): Expert {
  return {
    gate: source.matrix(`${prefix}gate_proj.weight`, width, hiddenSize),
    up: source.matrix(`${prefix}up_proj.weight`, width, hiddenSize),
    down: source.matrix(`${prefix}down_proj.weight`, hiddenSize, width),
  }
}

function loadExperts(moe: MoeConfig, hiddenSize: number, source: WeightSource, prefix: string): Experts {
  const { routedExperts, intermediateSize, sharedExperts } = moe
  const names = (part: string): string[] =>
    Array.from({ length: routedExperts }, (_, e) => `${prefix}experts.${e}.${part}_proj.weight`)
  const gates = source.matrices(names('gate'), intermediateSize, hiddenSize)
  const ups = source.matrices(names('up'), intermediateSize, hiddenSize)
  const downs = source.matrices(names('down'), hiddenSize, intermediateSize)
  const sharedWidth = sharedExperts * intermediateSize
  return {
    moe,
    gate: source.dense(`${prefix}gate.weight`, [routedExperts, hiddenSize]),
    bias: moe.bias ? source.float32(`${prefix}gate.e_score_correction_bias`, [routedExperts]) : undefined,
    experts: gates.map((gate, e) => ({ gate, up: ups[e] as Weight, down: downs[e] as Weight })),
    shared:
      sharedExperts === 0 ? undefined : loadMlp(source, `${prefix}shared_experts.`, sharedWidth, hiddenSize),
  }
}

export function planFeedForward(config: ModelConfig, batch: number): WorkspacePlan {
  const { moe, hiddenSize, intermediateSize } = config
  const sharedWidth = moe === undefined ? 0 : moe.sharedExperts * moe.intermediateSize
  const width = Math.max(intermediateSize, sharedWidth)
  const mlp = { mlpGate: f32(batch, width), mlpUp: f32(batch, width) }
  if (moe === undefined) return mlp
  return {
    ...mlp,
    experts: i32(batch, moe.expertsPerToken),
    expertWeights: f32(batch, moe.expertsPerToken),
    shared: f32(batch, hiddenSize),
  }
}

/** normed [tokens, H] → addition [tokens, H]. */
export function runFeedForward(feedForward: FeedForward, step: Step): void {
  if ('dense' in feedForward) runMlp(feedForward.dense, step, step.workspace.take('addition', step.tokens))
  else runExperts(feedForward, step)
}

/** normed [tokens, H] → out [tokens, H]: down(silu(gate x) * up x). */
function runMlp(mlp: Expert, { ops, tokens, workspace }: Step, out: Tensor): void {
  const width = weightShape(mlp.gate)[0] as number
  const x = workspace.take('normed', tokens)
  const gate = workspace.as('mlpGate', [tokens, width])
  const up = workspace.as('mlpUp', [tokens, width])
  ops.linear({ x, weight: mlp.gate, out: gate })
  ops.linear({ x, weight: mlp.up, out: up })
  ops.siluMul({ gate, up, out: gate })
  ops.linear({ x: gate, weight: mlp.down, out })
}

/** normed [tokens, H] → addition [tokens, H]: the chosen experts, weighted, plus the shared one as it is. */
function runExperts({ moe, gate, bias, experts, shared }: Experts, step: Step): void {
  const { ops, tokens, workspace } = step
  const x = workspace.take('normed', tokens)
  const indices = workspace.take('experts', tokens) // [tokens, experts per token]
  const weights = workspace.take('expertWeights', tokens)
  const out = workspace.take('addition', tokens)
  const { scoring, groups, groupScore, topGroups, normalize, scalingFactor } = moe
  const choice = { scoring, groups, groupScore, topGroups, normalize, scalingFactor }
  ops.route({ x, gate, bias, ...choice, indices, weights })
  ops.moe({ x, indices, weights, experts, out })
  if (shared === undefined) return
  const sharedOut = workspace.take('shared', tokens)
  runMlp(shared, step, sharedOut)
  ops.add({ a: out, b: sharedOut, out })
}
