/**
 * Multi-head latent attention in the absorbed form: see `LatentAttentionArgs` of the contract.
 * `absorbQuery` takes queries into the space of the cache, `attend` makes the weighted sum of cache rows;
 * the last step, `V . sum`, is `linear`.
 */
import { addScaled } from './moe'

/**
 * One head, `tokens` times: `query = scale * [q[:nope] . K | q[nope:]]`, `[rank + rotated]`.
 * `keys` is K in f32, `[nope, rank]`; `q` and `query` step from token to token by their strides.
 */
export function absorbQuery(
  q: usize, qStride: usize, tokens: i32, nope: i32, rotated: i32,
  keys: usize, rank: i32, scale: f32, query: usize, queryStride: usize,
): void {
  for (let t = 0; t < tokens; t++, q += qStride, query += queryStride) {
    memory.fill(query, 0, <usize>(rank + rotated) * 4)
    let row = keys
    for (let n: usize = 0; n < <usize>nope * 4; n += 4, row += <usize>rank * 4) {
      addScaled(row, scale * load<f32>(q + n), rank, query)
    }
    addScaled(q + <usize>nope * 4, scale, rotated, query + <usize>rank * 4)
  }
}
