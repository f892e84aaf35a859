/**
 * The arguments of every operation of the Backend contract, with formula and shapes.
 *
 * Unless a comment says otherwise: activations are dense f32, index tensors are i32, `out` must not
 * overlap an input, and a backend may assume that `checked()` has validated everything.
 */
import type { Tensor, Weight } from './tensor.ts'

/** `out[t, :] = table[ids[t], :]`. */
export interface EmbedArgs {
  /** `[tokens]` i32, each in `0 .. vocabulary - 1`. */
  readonly ids: Tensor
  /** `[vocabulary, hidden]`, f32, bf16 or f16. */
  readonly table: Tensor
  /** `[tokens, hidden]`. */
  readonly out: Tensor
}

/**
 * Root-mean-square norm of each row, with an optional residual added first:
 * `r = residual + x` (written back to `residual`) or `r = x`;
 * `out[t, i] = weight[i] * r[t, i] / sqrt(mean_i(r[t, i]^2) + epsilon)`.
 */
export interface RmsNormArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[tokens, hidden]`, updated in place when given. */
  readonly residual?: Tensor | undefined
  /** `[hidden]`, f32, bf16 or f16. */
  readonly weight: Tensor
  readonly epsilon: number
  /** `[tokens, hidden]`; may be the same tensor as `x`. */
  readonly out: Tensor
}

/** `out[t, o] = sum_i x[t, i] * weight[o, i]`. */
export interface LinearArgs {
  /** `[tokens, inputs]`. */
  readonly x: Tensor
  /** `[outputs, inputs]`. */
  readonly weight: Weight
  /** `[tokens, outputs]`. */
  readonly out: Tensor
}

/**
 * Rotary embedding in place, on the last `2 * halfDim` values of each head, interleaved pairs
 * (DeepSeek's layout). With `start = headDim - 2 * halfDim` and `p = positions[t]`:
 * `(a, b) = (x[t, h, start + 2i], x[t, h, start + 2i + 1])`
 * becomes `(a * cos - b * sin, a * sin + b * cos)` with `cos = table[p, i, 0]`, `sin = table[p, i, 1]`.
 */
export interface RopeArgs {
  /** `[tokens, heads, headDim]`, rotated in place. */
  readonly x: Tensor
  /** `[tokens]` i32, each in `0 .. maxPositions - 1`. */
  readonly positions: Tensor
  /** `[maxPositions, halfDim, 2]` f32: cosine and sine. */
  readonly table: Tensor
}

/**
 * Stores what latent attention needs of each token in the cache (MLA, section 2.1 of arXiv 2412.19437).
 * `kv[t] = [latent (rank) | key (2 * halfDim)]`, the output of `kv_a_proj_with_mqa`:
 * `cache[positions[t]] = [rmsNorm(latent, weight, epsilon) | rope(key, positions[t])]`. Positions are distinct.
 */
export interface WriteLatentArgs {
  /** `[tokens, rank + 2 * halfDim]`. */
  readonly kv: Tensor
  /** `[rank]`, f32, bf16 or f16: `kv_a_layernorm`. */
  readonly weight: Tensor
  readonly epsilon: number
  /** `[tokens]` i32, each in `0 .. capacity - 1`. */
  readonly positions: Tensor
  /** `[maxPositions, halfDim, 2]` f32. */
  readonly table: Tensor
  /** `[capacity, rank + 2 * halfDim]`, written in place. */
  readonly cache: Tensor
}

/**
 * Multi-head latent attention in the absorbed form, causal: token `t` sees cache rows `0 .. positions[t]`.
 *
 * `kvB` is `kv_b_proj`, viewed `[heads, nope + v, rank]`, `K = kvB[h, :nope]`, `V = kvB[h, nope:]`;
 * `q[t, h] = [qNope | qRope (rotated)]`, `cache[s] = [c (rank) | k (2 * halfDim)]`:
 * `score[s] = scale * ((qNope . K) . c[s] + qRope . k[s])`, `p = softmax(score)`,
 * `out[t, h] = V . sum_s p[s] * c[s]`.
 */
export interface LatentAttentionArgs {
  /** `[tokens, heads, nope + 2 * halfDim]`. */
  readonly q: Tensor
  /** `[heads * (nope + v), rank]`. */
  readonly kvB: Weight
  /** `[capacity, rank + 2 * halfDim]`. */
  readonly cache: Tensor
  /** `[tokens]` i32. */
  readonly positions: Tensor
  readonly scale: number
  /** `[tokens, heads, v]`. */
  readonly out: Tensor
}

/**
 * DeepSeek-V3's gate (sigmoid scores, selection bias, limited groups).
 *
 * `s[e] = sigmoid(sum_i x[t, i] * gate[e, i])`, `choice[e] = s[e] + bias[e]`; experts are split into
 * `groups` equal groups, a group's score is the sum of its two best choices, the best `topGroups` groups
 * stay (others: -Infinity); of these the `topK` best choices are taken, best first, ties to the lower index; NaN is
 * the worst choice.
 * `weights = s` at the chosen experts, divided by their sum + 1e-20 if `normalize`, times `scalingFactor`.
 */
export interface RouteArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[experts, hidden]`, f32, bf16 or f16. */
  readonly gate: Tensor
  /** `[experts]` f32: `e_score_correction_bias`. Used to choose, never to weigh. */
  readonly bias: Tensor
  readonly groups: number
  readonly topGroups: number
  readonly normalize: boolean
  readonly scalingFactor: number
  /** `[tokens, topK]` i32, the chosen experts. */
  readonly indices: Tensor
  /** `[tokens, topK]` f32. */
  readonly weights: Tensor
}

/** One expert (or dense MLP): `down . (silu(gate . x) * (up . x))`. */
export interface Expert {
  /** `[intermediate, hidden]`. */
  readonly gate: Weight
  /** `[intermediate, hidden]`. */
  readonly up: Weight
  /** `[hidden, intermediate]`. */
  readonly down: Weight
}

/** `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`. `out` is overwritten. */
export interface MoeArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[tokens, topK]` i32. */
  readonly indices: Tensor
  /** `[tokens, topK]`. */
  readonly weights: Tensor
  /** All of one shape and one kind of weight. */
  readonly experts: readonly Expert[]
  /** `[tokens, hidden]`. */
  readonly out: Tensor
}

/** `out = silu(gate) * up`, `silu(v) = v / (1 + exp(-v))`; element by element. */
export interface SiluMulArgs {
  /** Any shape. */
  readonly gate: Tensor
  /** Same shape. */
  readonly up: Tensor
  /** Same shape; may be `gate` or `up`. */
  readonly out: Tensor
}

/** `out = a + b`, element by element. */
export interface AddArgs {
  readonly a: Tensor
  readonly b: Tensor
  /** Same shape; may be `a` or `b`. */
  readonly out: Tensor
}

/** `out[r] = x[rows[r]]`: for example the last token of each sequence, before the output head. */
export interface SelectRowsArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[rows]` i32, each in `0 .. tokens - 1`. */
  readonly rows: Tensor
  /** `[rows, hidden]`. */
  readonly out: Tensor
}
