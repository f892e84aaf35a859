/**
 * The contract that every compute backend fills: a closed list of fused language-model operations over
 * opaque memory. Eager in meaning; a backend may record and replay inside.
 *
 * Promises, for callers and implementers:
 * - Operations take effect in call order. `read` is the only wait and sees everything before it.
 * - Results go to an explicit `out`; inputs are not changed unless the argument's comment says so;
 *   `out` may overlap an input only where its comment says so.
 * - A tensor without elements overlaps nothing.
 * - Arguments are validated once, by `checked(backend)`; kernels assume they are valid. What only the data
 *   can show (an index out of range) never touches memory outside the tensors: it is an `IndexError` at the
 *   call or at the next `read`, and the results of that operation are unspecified.
 * - Every dimension is >= 1, but for the number of tokens: a batch of none is no work. A tensor's offset is a multiple
 *   of its element size, no more.
 * - A backend that cannot run an operation fails when it is created, not in the middle of a model.
 */
import type {
  AddArgs,
  AttentionArgs,
  ConcatArgs,
  EmbedArgs,
  LatentAttentionArgs,
  LinearArgs,
  MoeArgs,
  RmsNormArgs,
  RopeArgs,
  RouteArgs,
  SelectRowsArgs,
  SiluMulArgs,
  WriteKvArgs,
  WriteLatentArgs,
} from './ops.ts'
import type { BufferHandle } from './tensor.ts'

/** A backend's own memory. Buffers are zero when allocated. */
export interface Memory {
  /** Throws `OutOfMemoryError`. `bytes` >= 0; alignment is at least 16. */
  alloc(bytes: number, label: string): BufferHandle
  /** Copies `data` into the buffer, in order with the operations. */
  write(buffer: BufferHandle, data: Uint8Array, offset?: number): void
  /**
   * A copy of the bytes, after all earlier operations: the only wait. When `signal` aborts, it rejects with the signal's
   * reason, and so may other reads under way; earlier operations may then be left undone, with what they write
   * unspecified. A backend that computes within the call looks at the signal only at its beginning.
   */
  read(
    buffer: BufferHandle,
    offset?: number,
    bytes?: number,
    signal?: AbortSignal | undefined,
  ): Promise<Uint8Array>
  /** Gives a buffer back. Using it afterwards is an error. */
  free(buffer: BufferHandle): void
  /** Gives everything back; the backend is unusable afterwards. Safe to call twice. */
  dispose(): void
}

/** The operations. Each takes one options object (`ops.ts` has formulas and shapes) and returns nothing. */
export interface Ops {
  embed(args: EmbedArgs): void
  rmsNorm(args: RmsNormArgs): void
  linear(args: LinearArgs): void
  rope(args: RopeArgs): void
  writeLatent(args: WriteLatentArgs): void
  latentAttention(args: LatentAttentionArgs): void
  writeKv(args: WriteKvArgs): void
  attention(args: AttentionArgs): void
  route(args: RouteArgs): void
  moe(args: MoeArgs): void
  siluMul(args: SiluMulArgs): void
  add(args: AddArgs): void
  concat(args: ConcatArgs): void
  selectRows(args: SelectRowsArgs): void
}

export type OpName = keyof Ops

/** The numeric policies; see {@link Policy}. */
export const policies = ['exact', 'fp8', 'int8'] as const

/**
 * What numbers a backend computes with, chosen when it is created and never changed for another silently.
 * `exact`: weights decoded exactly, activations and sums f32. `fp8`: in products with weights in FP8 the
 * activations are rounded to FP8 as well (`LinearArgs`), as DeepSeek serves its models. `int8`: in products of `linear`
 * and `moe` both sides are 8-bit integers, for speed on CPUs: activations in blocks of 128 along a row, and weights too
 * whatever they are stored in, but for i8 codes, which stay what they are. A backend may then replace the bytes of a weight when it is first multiplied with: to write or use a part of it
 * is an `ArgumentError` afterwards, and `read` gives what is there. What `embed` or `latentAttention` saw before stays.
 */
export type Policy = (typeof policies)[number]

/** What a person or a log wants to know of a backend. */
export interface BackendInfo {
  /** `reference`, `wasm`, `webgpu`. */
  readonly name: string
  /** One line: features in use and why not more, for example `SIMD, relaxed SIMD; one thread`. */
  readonly detail: string
  readonly policy: Policy
}

export interface Backend extends Memory {
  readonly info: BackendInfo
  readonly ops: Ops
}
