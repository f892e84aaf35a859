/** What a conformance case says of its operation. Inputs follow from the seed; `inputs.ts` makes them. */

/**
 * A dense weight; FP8 codes: format, block, and scales that are powers of two or any f32; or i8 codes, whose products
 * with their scales f32 holds exactly, as of every format of GGUF.
 */
export type WeightKind =
  | 'f32'
  | 'bf16'
  | 'f16'
  | {
      readonly format: 'f8_e4m3' | 'f8_e5m2'
      readonly block: readonly [number, number]
      readonly scales: 'ue8m0' | 'f32'
    }
  | {
      readonly format: 'i8'
      readonly block: readonly [1, 16] | readonly [1, 32]
      readonly minimums: boolean
    }

/** What a cache stores: floats, or E4M3 with a scale for each `group` values of a row. Default f32. */
export type CacheKind = 'f32' | 'bf16' | 'f16' | { readonly group: number }

interface Common {
  readonly name: string
  readonly seed: number
  /** Byte offset of every tensor in its buffer; guard bytes around it must stay as they are. Default 0. */
  readonly offset?: number
}

/** Sequences that share a cache; see `Paging` of the contract. */
export interface PagingCase {
  readonly pageSize: number
  /** For each token. */
  readonly sequences: readonly number[]
  /** For each sequence, all of one length. */
  readonly pages: readonly (readonly number[])[]
}

export interface EmbedCase extends Common {
  readonly op: 'embed'
  readonly vocabulary: number
  readonly hidden: number
  readonly table: WeightKind
  readonly ids: readonly number[]
}

export interface SelectRowsCase extends Common {
  readonly op: 'selectRows'
  /** i32: random bits, among them those of NaN. Default f32. */
  readonly dtype?: 'f32' | 'i32'
  readonly tokens: number
  readonly hidden: number
  readonly rows: readonly number[]
}

export interface RmsNormCase extends Common {
  readonly op: 'rmsNorm'
  readonly tokens: number
  readonly hidden: number
  readonly weight: 'f32' | 'bf16' | 'f16'
  readonly residual: boolean
  readonly inPlace: boolean
  /** Standard deviation of the input. */
  readonly deviation: number
}

export interface LinearCase extends Common {
  readonly op: 'linear'
  readonly tokens: number
  readonly inputs: number
  readonly outputs: number
  readonly weight: WeightKind
  /** `one-hot`: row t is 1 at input t, so that the output is the decoded weight itself, exactly. */
  readonly x: 'normal' | 'one-hot'
}

export interface RopeCase extends Common {
  readonly op: 'rope'
  readonly pairs: 'interleaved' | 'halves'
  readonly heads: number
  readonly headDim: number
  readonly halfDim: number
  readonly positions: readonly number[]
}

export interface WriteLatentCase extends Common {
  readonly op: 'writeLatent'
  readonly cache?: CacheKind
  readonly rank: number
  readonly halfDim: number
  readonly capacity: number
  readonly weight: 'f32' | 'bf16' | 'f16'
  readonly positions: readonly number[]
  readonly paging?: PagingCase
}

export interface LatentAttentionCase extends Common {
  readonly op: 'latentAttention'
  readonly cache?: CacheKind
  readonly heads: number
  readonly nope: number
  readonly halfDim: number
  readonly v: number
  readonly rank: number
  readonly capacity: number
  readonly weight: WeightKind
  readonly positions: readonly number[]
  readonly scale: number
  readonly paging?: PagingCase
}

export interface WriteKvCase extends Common {
  readonly op: 'writeKv'
  /** `special`: ties, overflow, subnormals, NaN and infinities, each kind in tokens of its own. Default `normal`. */
  readonly x?: 'normal' | 'special'
  readonly cache?: CacheKind
  readonly kvHeads: number
  readonly headDim: number
  readonly valueDim: number
  readonly capacity: number
  readonly positions: readonly number[]
  readonly paging?: PagingCase
}

export interface AttentionCase extends Common {
  readonly op: 'attention'
  readonly cache?: CacheKind
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly valueDim: number
  readonly capacity: number
  readonly positions: readonly number[]
  readonly scale: number
  readonly paging?: PagingCase
}

export interface RouteCase extends Common {
  readonly op: 'route'
  readonly scoring: 'sigmoid' | 'softmax'
  readonly groupScore: 'best-two' | 'best'
  readonly tokens: number
  readonly hidden: number
  readonly experts: number
  readonly groups: number
  readonly topGroups: number
  readonly topK: number
  readonly gate: 'f32' | 'bf16' | 'f16'
  readonly normalize: boolean
  readonly scalingFactor: number
  /** `ties`: x and bias are 0, so that all choices are equal. `negative`: all choices are below 0. `none`: no bias. */
  readonly bias: 'normal' | 'negative' | 'ties' | 'none'
}

export interface MoeCase extends Common {
  readonly op: 'moe'
  readonly hidden: number
  readonly intermediate: number
  readonly experts: number
  readonly weight: WeightKind
  /** Default `weight`. */
  readonly down?: WeightKind
  /** `[tokens][topK]` expert indices. */
  readonly indices: readonly (readonly number[])[]
}

export interface ElementwiseCase extends Common {
  readonly op: 'add' | 'siluMul'
  readonly shape: readonly number[]
  /** Which input `out` is. */
  readonly alias: 'none' | 'first' | 'second'
  readonly deviation: number
  /** Of `add`: the second is one row. */
  readonly row?: boolean
}

export interface ConcatCase extends Common {
  readonly op: 'concat'
  readonly tokens: number
  readonly left: number
  readonly right: number
}

export type ConformanceCase =
  | EmbedCase
  | SelectRowsCase
  | RmsNormCase
  | LinearCase
  | RopeCase
  | WriteLatentCase
  | LatentAttentionCase
  | WriteKvCase
  | AttentionCase
  | RouteCase
  | MoeCase
  | ElementwiseCase
  | ConcatCase
