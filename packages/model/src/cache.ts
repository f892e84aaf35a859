/** The memory of sequences: for each layer, what attention needs of every position. */
import {
  allocTensor,
  type BufferHandle,
  type CacheTensor,
  type DType,
  isBlockScaled,
  type Memory,
  type Tensor,
} from '@octoscale/tensor'
import { type CacheRow, type CacheType, groupsOf, rowLayout } from './cache-type.ts'
import { DisposedError } from './errors.ts'

/** Bytes of one position in all tensors of a cache. Throws `OptionError` for a type that cannot hold its rows. */
export function cacheBytesPerPosition(rows: readonly CacheRow[], type: CacheType): number {
  return rows.reduce((sum, row) => {
    const layout = rowLayout(row, type)
    return sum + layout.bytes + 4 * groupsOf(layout)
  }, 0)
}

/** One for each row, `[capacity, ...row]`. Throws `OutOfMemoryError` (nothing stays allocated then) and `OptionError`. */
export function allocateCache(
  memory: Memory,
  rows: readonly CacheRow[],
  capacity: number,
  type: CacheType,
): CacheTensor[] {
  const buffers: BufferHandle[] = []
  const allocate = (dtype: DType, shape: readonly number[], label: string): Tensor => {
    const result = allocTensor(memory, dtype, [capacity, ...shape], label)
    buffers.push(result.buffer)
    return result
  }
  try {
    return rows.map((row, index) => {
      const layout = rowLayout(row, type)
      const codes = allocate(layout.dtype, row.shape, `cache tensor ${index}`)
      if (layout.group === undefined) return codes
      const scales = allocate('f32', [groupsOf(layout)], `scales of cache tensor ${index}`)
      return { codes, scales, block: [1, layout.group] }
    })
  } catch (error) {
    for (const buffer of buffers) memory.free(buffer)
    throw error
  }
}

/** What a cache tensor consists of, each with a buffer of its own. */
export function partsOf(cache: CacheTensor): readonly Tensor[] {
  return isBlockScaled(cache) ? [cache.codes, cache.scales] : [cache]
}

/**
 * Made by `model.createCache()`. It also remembers which ids it holds, so that a prompt that starts with the same
 * ids need not be computed again.
 */
export class Cache {
  /** Positions there is room for. */
  readonly capacity: number
  readonly bytes: number
  readonly #memory: Memory
  #ids: number[] = []
  #tensors: readonly CacheTensor[] | undefined

  /** For the model's use; `rows` as in `Network.cache`. Throws `OutOfMemoryError`; nothing stays allocated then. */
  constructor(memory: Memory, rows: readonly CacheRow[], capacity: number, type: CacheType) {
    this.#memory = memory
    this.capacity = capacity
    this.#tensors = allocateCache(memory, rows, capacity, type)
    this.bytes = capacity * cacheBytesPerPosition(rows, type)
  }

  /** The ids whose positions are filled, from position 0. */
  get ids(): readonly number[] {
    return this.#ids
  }

  /** One tensor for each of `Network.cache`, `[capacity, ...row]`. Throws `DisposedError`. */
  get tensors(): readonly CacheTensor[] {
    if (this.#tensors === undefined) throw new DisposedError('cache')
    return this.#tensors
  }

  /** Forgets all positions from `length` on. The memory stays. */
  truncate(length: number): void {
    if (length < this.#ids.length) this.#ids.length = length
  }

  /** Forgets everything. The memory stays. */
  reset(): void {
    this.truncate(0)
  }

  /** For the model's use: the next positions hold these ids now. */
  append(ids: readonly number[]): void {
    for (const id of ids) this.#ids.push(id)
  }

  /** Gives the memory back. Safe to call twice. */
  dispose(): void {
    for (const { buffer } of (this.#tensors ?? []).flatMap(partsOf)) this.#memory.free(buffer)
    this.#tensors = undefined
    this.reset()
  }
}

/**
 * How many ids of `prompt` a cache already holds, counted from the start. At most `prompt.length - 1`: the last one
 * is always computed, because its logits are what the next token is chosen from.
 */
export function reusablePrefix(cache: Cache, prompt: readonly number[]): number {
  const limit = Math.min(cache.ids.length, prompt.length - 1)
  let length = 0
  while (length < limit && cache.ids[length] === prompt[length]) length++
  return length
}
