/**
 * Counter-based random numbers: Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3", SC 2011). A number depends on the seed and its index only, so text continued after a stop is the
 * text that one run would have made, and there is no state to save.
 */
const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const
const parity = 0x1bd11bda

/** The two output words (unsigned 32-bit) for a key and a counter of two words each. */
export function threefry(
  key: readonly [number, number],
  counter: readonly [number, number],
): readonly [number, number] {
  const schedule = [key[0], key[1], parity ^ key[0] ^ key[1]] as const
  let x0 = (counter[0] + schedule[0]) | 0
  let x1 = (counter[1] + schedule[1]) | 0
  for (let group = 1; group <= 5; group++) {
    for (const bits of rotations[(group - 1) % 2] ?? []) {
      x0 = (x0 + x1) | 0
      x1 = ((x1 << bits) | (x1 >>> (32 - bits))) ^ x0
    }
    x0 = (x0 + (schedule[group % 3] ?? 0)) | 0
    x1 = (x1 + (schedule[(group + 1) % 3] ?? 0) + group) | 0
  }
  return [x0 >>> 0, x1 >>> 0]
}

/** Uniform in [0, 1), 53 bits, for a seed and an index (integers in 0 .. 2^53 - 1). */
export function uniform(seed: number, index: number): number {
  const [high, low] = threefry(words(seed), words(index))
  // 21 + 32 bits: every multiple of 2^-53 can come out.
  return ((high >>> 11) * 2 ** 32 + low) * 2 ** -53
}

function words(value: number): readonly [number, number] {
  return [Math.floor(value / 2 ** 32) | 0, value | 0]
}
