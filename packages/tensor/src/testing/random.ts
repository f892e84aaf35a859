/** Reproducible pseudo-random data: the same seed gives the same numbers everywhere. */

export interface Random {
  /** Uniform in `0 .. 1`, 1 excluded, in steps of 2^-32. */
  uniform(): number
  /** An integer, uniform in `0 .. limit - 1`. */
  below(limit: number): number
  /** Normally distributed values with the given standard deviation. */
  normals(count: number, deviation?: number): Float32Array
}

/** mulberry32: 32 bits of state, good enough for test data. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  // Box-Muller, one of the two values of each pair.
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
  return {
    uniform,
    below: (limit) => Math.floor(uniform() * limit),
    normals: (count, deviation = 1) => Float32Array.from({ length: count }, () => normal() * deviation),
  }
}
