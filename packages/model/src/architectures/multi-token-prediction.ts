/**
 * The multi-token-prediction layer of DeepSeek-V3 (arXiv 2412.19437, section 2.2): from the hidden state of a token and
 * the token after it, the logits of the one after that.
 *
 * `x_i = eh_proj [enorm(embed(t[i + 1])) | hnorm(h_i)]`, one ordinary layer over all `x_0 .. x_i`, `shared_head.norm`, then
 * the head of the main model. `h_i` is the main model's state after its last norm, and the order of the halves is that of
 * the checkpoint (the paper's formula has the opposite one): both as in transformers and vLLM. Position of `x_i` is i;
 * rotations are relative, so only differences matter. The embedding at position 0 is not zeroed (vLLM does that).
 */
import type { CacheTensor, Tensor, Weight } from '@octoscale/tensor'
import type { ModelConfig } from '../config/model-config.ts'
import type { MtpNetwork, Step, WeightSource } from './architecture.ts'
import { type AttentionKind, loadLayer, runLayer } from './layer.ts'

/** `embedding` and the head are the main model's; the copies in the checkpoint are not read. */
export function multiTokenPrediction(
  config: ModelConfig,
  source: WeightSource,
  attention: AttentionKind,
  shared: { readonly embedding: Weight; readonly table: Tensor },
  cachesOf: (step: Step) => readonly CacheTensor[],
): MtpNetwork {
  const { hiddenSize, layers, normEpsilon: epsilon } = config
  const prefix = `model.layers.${layers}.`
  const embeddingNorm = source.dense(`${prefix}enorm.weight`, [hiddenSize])
  const hiddenNorm = source.dense(`${prefix}hnorm.weight`, [hiddenSize])
  const projection = source.matrix(`${prefix}eh_proj.weight`, hiddenSize, 2 * hiddenSize)
  const layer = loadLayer(config, source, attention, shared.table, layers)
  const norm = source.dense(`${prefix}shared_head.norm.weight`, [hiddenSize])
  return {
    forward(step) {
      const { ops, tokens, workspace } = step
      const take = (name: string): Tensor => workspace.take(name, tokens)
      const [residual, addition, normed] = [take('residual'), take('addition'), take('normed')] // [tokens, H]
      const input = take('mtpInput') // [tokens, 2 H]
      ops.embed({ ids: take('mtpIds'), table: shared.embedding, out: addition })
      ops.rmsNorm({ x: addition, weight: embeddingNorm, epsilon, out: addition })
      ops.rmsNorm({ x: normed, weight: hiddenNorm, epsilon, out: normed })
      ops.concat({ a: addition, b: normed, out: input })
      ops.linear({ x: input, weight: projection, out: residual })
      runLayer(layer, epsilon, step, cachesOf(step), true)
      ops.rmsNorm({ x: addition, residual, weight: norm, epsilon, out: normed })
    },
  }
}
