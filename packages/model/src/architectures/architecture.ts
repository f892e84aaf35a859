/** What an architecture is to the rest of the package. One file per architecture, one line in `index.ts`. */
import type { CacheTensor, Ops, Paging, Tensor, Weight, Workspace, WorkspacePlan } from '@octoscale/tensor'
import type { CacheRow, CacheType } from '../cache-type.ts'
import type { ConfigFields } from '../config/fields.ts'
import type { ModelConfig } from '../config/model-config.ts'

export interface Architecture<C extends ModelConfig = ModelConfig> {
  /** Reads `config.json`. Throws `ConfigError`. */
  parseConfig(fields: ConfigFields): C
  /**
   * Asks `source` for every tensor the model needs and returns the network made of them. Called twice: with a
   * source that only checks the checkpoint, then with one that allocates. Must not depend on which one it is.
   */
  build(config: C, source: WeightSource, limits: Limits): Network
  /** Why a tensor that `build` did not ask for is no error; undefined: it is one. */
  skip(config: C, name: string): 'mtp' | 'derived' | undefined
}

/** Sizes fixed when the model is loaded. */
export interface Limits {
  /** Positions of the longest sequence. */
  readonly contextLength: number
  /** Tokens computed at once; longer prompts go through in pieces of this size. */
  readonly batch: number
  /** Rows of logits computed at once. */
  readonly logitRows: number
  /** Also the layer that predicts the token after the next one, where the model has one. */
  readonly mtp?: boolean | undefined
  /** What `Step.caches` are of. */
  readonly cacheType: CacheType
}

/** Where an architecture gets its tensors. Each call throws `CheckpointError` if the file does not have it like that. */
export interface WeightSource {
  /** The matrix of a linear layer, `[outputs, inputs]`, dense or block-scaled; or a table of embeddings. */
  matrix(name: string, outputs: number, inputs: number): Weight
  /** Matrices of one shape and kind, at equal distances in one buffer (two or three when block-scaled). */
  matrices(names: readonly string[], outputs: number, inputs: number): Weight[]
  /** A tensor that is never quantised: f32, bf16 or f16 as the file has it. */
  dense(name: string, shape: readonly number[]): Tensor
  /** A tensor that operations take in f32 only; 16-bit files are widened, which is exact. */
  float32(name: string, shape: readonly number[]): Tensor
  /** A tensor computed here, not read from the file; `values` runs only when it is uploaded. */
  computed(label: string, shape: readonly number[], values: () => Float32Array): Tensor
  /** A tensor computed from the values of the stored tensor `name`, when it is uploaded. */
  computedFrom(
    name: string,
    storedShape: readonly number[],
    label: string,
    shape: readonly number[],
    values: (stored: Float32Array) => Float32Array,
  ): Tensor
}

/** A network on a backend: weights and the operations of one step. Holds no state of any sequence. */
export interface Network {
  /** Every buffer that `forward` and `head` use; `ids`, `positions`, `rows` and `logits` are the caller's to fill and read. */
  readonly workspace: WorkspacePlan
  /**
   * Of each cache tensor, in the order of `Step.caches`, the row that holds one position: per layer
   * `[rank + rope]` of latent attention; `[kvHeads, headDim]` (keys) and `[kvHeads, valueDim]` (values) of grouped-query
   * attention.
   */
  readonly cache: readonly CacheRow[]
  /** Runs `step.tokens` tokens (`ids`, `positions`) through all layers. */
  forward(step: Step): void
  /** Logits of the tokens that `rows` names, `[rows, vocabulary]`, after `forward` of the same step. */
  head(step: Step, rows: number): void
  /** The layer that predicts one token further; undefined: the model has none, or it was not asked for. */
  readonly mtp: MtpNetwork | undefined
}

/** Multi-token prediction. Its cache tensors are the last ones of `Network.cache`. */
export interface MtpNetwork {
  /**
   * After `Network.forward` of the same step, with workspace `mtpIds` [tokens] holding the token after each of the step's:
   * takes their hidden states from `normed` and puts new ones there, of which `head` gives the logits of the token after the
   * next. So logits of the main model come first, if they are wanted.
   */
  forward(step: Step): void
}

export interface Step {
  readonly ops: Ops
  readonly workspace: Workspace
  readonly tokens: number
  /** One for each of `Network.cache`, `[capacity, ...row]`. */
  readonly caches: readonly CacheTensor[]
  /** Where the rows of each token's sequence lie; undefined: all tokens are of one sequence, position p is row p. */
  readonly paging?: Paging | undefined
}
