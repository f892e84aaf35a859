/** Numbers as the fields of a descriptor hold them: 32 bits. */

const float = new Float32Array(1)
const bits = new Int32Array(float.buffer)

/** The bits of `value` as f32. */
export function f32(value: number): number {
  float[0] = value
  return bits[0]!
}

/** A count or limit that may be larger than what 32 bits count to: no index is. */
export function i32(value: number): number {
  return Math.min(value, 0x7fffffff)
}
