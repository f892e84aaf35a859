/** Fills rows of the cache of latent attention: see `WriteLatentArgs` of the contract. */
import { normRow } from './rms-norm'
import { rotate } from './rope'

/**
 * `kv` is `[tokens, rank + 2 * halfDim]`, `weight` f32 `[rank]`, `cache` `[capacity, rank + 2 * halfDim]`; `rows` are the
 * cache rows of the tokens, i32 `[tokens]`.
 */
export function writeLatent(
  kv: usize, weight: usize, epsilon: f32, tokens: i32, rank: i32, halfDim: i32,
  positions: usize, rows: usize, table: usize, cache: usize,
): void {
  const latentBytes = <usize>rank * 4
  const keyBytes = <usize>halfDim * 8
  for (let t = 0; t < tokens; t++, positions += 4, rows += 4, kv += latentBytes + keyBytes) {
    const position = <usize>load<i32>(positions)
    const row = cache + <usize>load<i32>(rows) * (latentBytes + keyBytes)
    normRow(kv, weight, epsilon, rank, row)
    memory.copy(row + latentBytes, kv + latentBytes, keyBytes)
    rotate(row + latentBytes, table + position * keyBytes, halfDim)
  }
}
