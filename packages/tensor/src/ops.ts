/**
 * The arguments of every operation of the Backend contract, with formula and shapes.
 *
 * Unless a comment says otherwise: activations are dense f32, index tensors are i32, `out` must not
 * overlap an input, numbers (`epsilon`, `scale`, `scalingFactor`) are finite and > 0, and a backend may assume that
 * `checked()` has validated everything. `tokens` (and `rows`) may be 0: then nothing happens, and the backend does not
 * see the call.
 */
import type { CacheTensor, Tensor, Weight } from './tensor.ts'

/** `out[t, :] = table[ids[t], :]`, decoded exactly under every policy. */
export interface EmbedArgs {
  /** `[tokens]` i32, each in `0 .. vocabulary - 1`. */
  readonly ids: Tensor
  /** `[vocabulary, hidden]`. */
  readonly table: Weight
  /** `[tokens, hidden]`. */
  readonly out: Tensor
}

/**
 * Root-mean-square norm of each row, with an optional residual added first:
 * `r = residual + x` (written back to `residual`) or `r = x`;
 * `out[t, i] = weight[i] * r[t, i] / sqrt(mean_i(r[t, i]^2) + epsilon)`. For a norm of each head (Qwen 3), view
 * `[tokens, heads, headDim]` as `[tokens * heads, headDim]`.
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

/**
 * `out[t, o] = sum_i x[t, i] * weight[o, i]`.
 *
 * Under the policy `fp8` and with a weight in FP8, x is first rounded as DeepSeek's kernels do: E4M3 in groups of
 * 128 along a token, amax at least 1e-4, scale rounded up to a power of two (`recipes.deepseekActivationUe8m0`).
 */
export interface LinearArgs {
  /** `[tokens, inputs]`. */
  readonly x: Tensor
  /** `[outputs, inputs]`. */
  readonly weight: Weight
  /** `[tokens, outputs]`. */
  readonly out: Tensor
}

/**
 * Which two values of a head are rotated together: neighbours (DeepSeek, GGUF's llama), or each value of the first
 * half with the one in the same place of the second (Llama, Qwen as in transformers).
 */
export type RopePairs = 'interleaved' | 'halves'

/**
 * Rotary embedding in place, on the last `2 * halfDim` values of each head. With `start = headDim - 2 * halfDim`,
 * `p = positions[t]`, and `(a, b)` the pair i: `(x[t, h, start + 2i], x[t, h, start + 2i + 1])` interleaved,
 * `(x[t, h, start + i], x[t, h, start + halfDim + i])` in halves:
 * it becomes `(a * cos - b * sin, a * sin + b * cos)` with `cos = table[p, i, 0]`, `sin = table[p, i, 1]`.
 */
export interface RopeArgs {
  readonly pairs: RopePairs
  /** `[tokens, heads, headDim]`, rotated in place. */
  readonly x: Tensor
  /** `[tokens]` i32, each in `0 .. maxPositions - 1`. */
  readonly positions: Tensor
  /** `[maxPositions, halfDim, 2]` f32: cosine and sine. */
  readonly table: Tensor
}

/**
 * Where the cache rows of a sequence lie when several sequences share a cache: in pages of `pageSize` rows, in any order.
 * Position p of token t's sequence is the row
 * `row(t, p) = pages[sequences[t], floor(p / pageSize)] * pageSize + p % pageSize`; without paging `row(t, p) = p`.
 * Positions are then in `0 .. maxPages * pageSize - 1`, without paging in `0 .. capacity - 1`. Sequences may share pages.
 */
export interface Paging {
  /** `[tokens]` i32, each in `0 .. sequences - 1`. */
  readonly sequences: Tensor
  /**
   * `[sequences, maxPages]` i32, each in `0 .. floor(capacity / pageSize) - 1`. A token at position p reads the first
   * `floor(p / pageSize) + 1` entries of its sequence; the others may hold anything.
   */
  readonly pages: Tensor
  /** `1 .. capacity`. Rows of the cache beyond the last whole page are not used. */
  readonly pageSize: number
}

/**
 * Stores what latent attention needs of each token in the cache (MLA, section 2.1 of arXiv 2412.19437).
 * `kv[t] = [latent (rank) | key (2 * halfDim)]`, the output of `kv_a_proj_with_mqa`:
 * `cache[row(t, positions[t])] = [rmsNorm(latent, weight, epsilon) | rope(key, positions[t])]`, pairs interleaved.
 * Rows are distinct: of tokens with the same row, any may be the one that stays.
 */
export interface WriteLatentArgs {
  /** `[tokens, rank + 2 * halfDim]`. */
  readonly kv: Tensor
  /** `[rank]`, f32, bf16 or f16: `kv_a_layernorm`. */
  readonly weight: Tensor
  readonly epsilon: number
  /** `[tokens]` i32, each also in `0 .. maxPositions - 1`. */
  readonly positions: Tensor
  /** `[maxPositions, halfDim, 2]` f32. */
  readonly table: Tensor
  /** `[capacity, rank + 2 * halfDim]`, written in place. */
  readonly cache: CacheTensor
  readonly paging?: Paging | undefined
}

/**
 * Multi-head latent attention in the absorbed form, causal: token `t` sees positions `0 .. positions[t]` of its
 * sequence, in the cache rows `s = row(t, p)`.
 * That is how it is defined; a backend may compute keys and values of the heads from the cache where that is cheaper.
 *
 * `kvB` is `kv_b_proj`, viewed `[heads, nope + v, rank]`, `K = kvB[h, :nope]`, `V = kvB[h, nope:]`;
 * `q[t, h] = [qNope | qRope (rotated)]`, `cache[s] = [c (rank) | k (2 * halfDim)]`:
 * `score[s] = scale * ((qNope . K) . c[s] + qRope . k[s])`, `p = softmax(score)`,
 * `out[t, h] = V . sum_s p[s] * c[s]`. Under every policy `kvB` is decoded exactly and nothing is rounded to FP8.
 */
export interface LatentAttentionArgs {
  /** `[tokens, heads, nope + 2 * halfDim]`. */
  readonly q: Tensor
  /** `[heads * (nope + v), rank]`. */
  readonly kvB: Weight
  /** `[capacity, rank + 2 * halfDim]`. */
  readonly cache: CacheTensor
  /** `[tokens]` i32. */
  readonly positions: Tensor
  readonly scale: number
  /** `[tokens, heads, v]`. */
  readonly out: Tensor
  readonly paging?: Paging | undefined
}

/**
 * Stores keys and values of grouped-query attention: `keys[row(t, positions[t])] = k[t]`, values likewise. Rows are
 * distinct.
 */
export interface WriteKvArgs {
  /** `[tokens, kvHeads, headDim]`, rotated before. */
  readonly k: Tensor
  /** `[tokens, kvHeads, valueDim]`. */
  readonly v: Tensor
  /** `[tokens]` i32. */
  readonly positions: Tensor
  /** `[capacity, kvHeads, headDim]`, written in place. */
  readonly keys: CacheTensor
  /** `[capacity, kvHeads, valueDim]`, of the dtype of `keys`, written in place. */
  readonly values: CacheTensor
  readonly paging?: Paging | undefined
}

/**
 * Grouped-query attention, causal: token `t` sees positions `0 .. positions[t]` of its sequence, in the cache rows
 * `s = row(t, p)`. Head h reads the cache of `g = floor(h / (heads / kvHeads))`:
 * `score[s] = scale * (q[t, h] . keys[s, g])`, `p = softmax(score)`, `out[t, h] = sum_s p[s] * values[s, g]`.
 */
export interface AttentionArgs {
  /** `[tokens, heads, headDim]`, rotated before. */
  readonly q: Tensor
  /** `[capacity, kvHeads, headDim]`; heads is a multiple of kvHeads. */
  readonly keys: CacheTensor
  /** `[capacity, kvHeads, valueDim]`, of the dtype of `keys`. */
  readonly values: CacheTensor
  /** `[tokens]` i32. */
  readonly positions: Tensor
  readonly scale: number
  /** `[tokens, heads, valueDim]`. */
  readonly out: Tensor
  readonly paging?: Paging | undefined
}

/**
 * The gate of a mixture of experts, with limited groups: DeepSeek-V3's (`sigmoid`, `best-two`, a bias), DeepSeek-V2's
 * (`softmax`, `best`), Qwen3's (`softmax`, one group).
 *
 * `s = scoring(sum_i x[t, i] * gate[:, i])` over the experts, `choice[e] = s[e] + bias[e]`; experts are split into
 * `groups` equal groups, a group's score is the sum of its two best choices or its best one, the best `topGroups` groups
 * stay (others: -Infinity); of these the `topK` best choices are taken, best first, ties to the lower index; NaN is
 * the worst choice.
 * `weights = s` at the chosen experts, divided by their sum + 1e-20 if `normalize`, times `scalingFactor`. A NaN is not
 * hidden: under `softmax` a logit that is NaN or Infinity makes every weight of its token NaN.
 */
export interface RouteArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[experts, hidden]`, f32, bf16 or f16. */
  readonly gate: Tensor
  readonly scoring: 'sigmoid' | 'softmax'
  /** `[experts]` f32: `e_score_correction_bias`. Used to choose, never to weigh. Without it 0. */
  readonly bias?: Tensor | undefined
  /** A divisor of `experts`; for `best-two` of at least two experts each, unless it is 1. */
  readonly groups: number
  /** Not used with one group. */
  readonly groupScore: 'best-two' | 'best'
  /** `1 .. groups`; these have at least `topK` experts. */
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

/**
 * `out[t] = sum_k weights[t, k] * expert[indices[t, k]](x[t])`. `out` is overwritten. Under the policy `fp8` the inputs
 * of all three matrices are rounded as in `linear`.
 */
export interface MoeArgs {
  /** `[tokens, hidden]`. */
  readonly x: Tensor
  /** `[tokens, topK]` i32. */
  readonly indices: Tensor
  /** `[tokens, topK]`. */
  readonly weights: Tensor
  /** All of one shape; `gate` and `up` of one kind of weight, `down` of one, which may be another. */
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

/** `out = a + b`, element by element; a `b` of one dimension is added to each row: the bias of a linear layer. */
export interface AddArgs {
  /** Any shape `[..., columns]`. */
  readonly a: Tensor
  /** The shape of `a`, or `[columns]`. */
  readonly b: Tensor
  /** The shape of `a`; may be `a`, or `b` where that has the same shape. */
  readonly out: Tensor
}

/** `out[t] = [a[t] | b[t]]`: what the projection of a multi-token prediction layer reads. */
export interface ConcatArgs {
  /** `[tokens, left]`. */
  readonly a: Tensor
  /** `[tokens, right]`. */
  readonly b: Tensor
  /** `[tokens, left + right]`. */
  readonly out: Tensor
}

/**
 * `out[r] = x[rows[r]]`: for example the last token of each sequence, before the output head. The bits are copied,
 * whatever they mean: with i32 also rows of a cache of any kind.
 */
export interface SelectRowsArgs {
  /** `[tokens, hidden]`, f32 or i32; `out` likewise. */
  readonly x: Tensor
  /** `[rows]` i32, each in `0 .. tokens - 1`. */
  readonly rows: Tensor
  /** `[rows, hidden]`. */
  readonly out: Tensor
}
