/**
 * What one operation of a recorded step is: a record in shared memory, written by `src/wasm/recorder.ts`. The fields of
 * each operation follow in a class beside its kernel, in the order in which `src/wasm/kernels/` writes them.
 */

/** The numbers of `opcodes` in `src/wasm/opcodes.ts`. */
export namespace Op {
  export const JUMP: i32 = 0
  export const FENCE: i32 = 1
  export const COPY: i32 = 2
  export const EMBED: i32 = 3
  export const RMS_NORM: i32 = 4
  export const LINEAR: i32 = 5
  export const ROPE: i32 = 6
  export const WRITE_LATENT: i32 = 7
  export const ABSORB_QUERY: i32 = 8
  export const LATENT_ATTEND: i32 = 9
  export const LATENT_OUTPUT: i32 = 10
  export const WRITE_KV: i32 = 11
  export const ATTENTION: i32 = 12
  export const SELECT_EXPERTS: i32 = 13
  export const MOE_GROUP: i32 = 14
  export const MOE_INNER: i32 = 15
  export const MOE_OUTER: i32 = 16
  export const MOE_COMBINE: i32 = 17
  export const SILU_MUL: i32 = 18
  export const ADD: i32 = 19
  export const CONCAT: i32 = 20
  export const SELECT_ROWS: i32 = 21
  export const RECODE: i32 = 22
  export const QUANTIZE: i32 = 23
  export const ROUND: i32 = 24
  export const LATENT_EXPAND: i32 = 25
  export const SUM_CODES: i32 = 26
}

@unmanaged
export class Descriptor {
  op: i32
  /** With this header: the next descriptor lies so much further. */
  bytes: i32
  /** Tasks that threads have taken. */
  taken: i32
}

/** The number of a task that nobody has taken yet. Who computes what never changes a result, only the order. */
// @ts-ignore: decorator
@inline
export function take(d: Descriptor): i32 {
  return atomic.add<i32>(changetype<usize>(d), 1, 8)
}
