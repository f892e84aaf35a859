/** The rows of a cache as numbers, whatever the cache stores. */
import { dequantize, f32ToBf16Array, f32ToF16Array, formats, quantize, recipes } from '@octoscale/fp8-core'
import {
  type BlockScaled,
  bytesPerElement,
  type CacheTensor,
  cacheShape,
  decodeFloats,
  isBlockScaled,
  numel,
  type Tensor,
} from '@octoscale/tensor'
import type { ReferenceMemory } from './memory.ts'

export interface CacheValues {
  /** The values of row `s`. */
  read(s: number): Float32Array
  /** Rounds to what the cache stores. */
  write(s: number, values: Float32Array): void
}

export function cacheValues(memory: ReferenceMemory, cache: CacheTensor): CacheValues {
  const columns = numel(cacheShape(cache).slice(1))
  const values = isBlockScaled(cache) ? scaled(memory, cache, columns) : dense(memory, cache, columns)
  const decoded = new Map<number, Float32Array>()
  return {
    // Every token and head reads the same rows.
    read(s) {
      const row = decoded.get(s) ?? values.read(s)
      decoded.set(s, row)
      return row
    },
    write: values.write,
  }
}

function dense(memory: ReferenceMemory, { buffer, dtype, offset }: Tensor, columns: number): CacheValues {
  const rowBytes = columns * bytesPerElement(dtype)
  const bytes = (s: number) =>
    memory.bytes({ buffer, dtype, shape: [columns], offset: offset + s * rowBytes })
  return {
    read: (s) => decodeFloats(dtype, bytes(s)),
    write: (s, values) => bytes(s).set(new Uint8Array(encode(dtype, values).buffer)),
  }
}

/** To nearest even. What is beyond the largest finite f16 becomes that, with its sign. */
function encode(dtype: Tensor['dtype'], values: Float32Array): Float32Array | Uint16Array {
  if (dtype === 'f32') return values.slice()
  if (dtype === 'bf16') return f32ToBf16Array(values)
  const { max } = formats.f16
  return f32ToF16Array(values.map((value) => Math.min(max, Math.max(-max, value))))
}

/** E4M3 in groups of `block[1]` along the row, a partial one at its end. */
function scaled(
  memory: ReferenceMemory,
  { codes, scales, block }: BlockScaled,
  columns: number,
): CacheValues {
  const recipe = { ...recipes.deepseekActivationUe8m0, block }
  const groups = Math.ceil(columns / block[1])
  const bytes = memory.bytes(codes)
  const multipliers = memory.f32(scales)
  return {
    read: (s) =>
      dequantize({
        codes: bytes.subarray(s * columns, (s + 1) * columns),
        scales: multipliers.subarray(s * groups, (s + 1) * groups),
        shape: [1, columns],
        recipe,
      }),
    write(s, values) {
      const rounded = quantize(values, [1, columns], recipe)
      bytes.set(rounded.codes, s * columns)
      multipliers.set(rounded.scales, s * groups)
    },
  }
}
