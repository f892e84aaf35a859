/** The memory of sequences: for each layer, what attention needs of every position. */
import { allocTensor, type Memory, numel, type Tensor } from '@octoscale/tensor'
import type { CacheRow } from './architectures/architecture.ts'
import { DisposedError } from './errors.ts'

/** Bytes of one position in all tensors of a cache. */
export function cacheBytesPerPosition(rows: readonly CacheRow[]): number {
  return rows.reduce((sum, row) => sum + numel(row) * 4, 0)
}

/** One tensor per row shape, `[capacity, ...row]` f32. Throws `OutOfMemoryError`; nothing stays allocated then. */
export function allocateCache(memory: Memory, rows: readonly CacheRow[], capacity: number): Tensor[] {
  const tensors: Tensor[] = []
  try {
    for (const [index, row] of rows.entries()) {
      tensors.push(allocTensor(memory, 'f32', [capacity, ...row], `cache tensor ${index}`))
    }
  } catch (error) {
    for (const { buffer } of tensors) memory.free(buffer)
    throw error
  }
  return tensors
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
  #tensors: readonly Tensor[] | undefined

  /** For the model's use; `rows` as in `Network.cache`. Throws `OutOfMemoryError`; nothing stays allocated then. */
  constructor(memory: Memory, rows: readonly CacheRow[], capacity: number) {
    this.#memory = memory
    this.capacity = capacity
    this.#tensors = allocateCache(memory, rows, capacity)
    this.bytes = capacity * cacheBytesPerPosition(rows)
  }

  /** The ids whose positions are filled, from position 0. */
  get ids(): readonly number[] {
    return this.#ids
  }

  /** One tensor for each of `Network.cache`, `[capacity, ...row]` f32. Throws `DisposedError`. */
  get tensors(): readonly Tensor[] {
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
    for (const { buffer } of this.#tensors ?? []) this.#memory.free(buffer)
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
