/** The memory of one sequence: for each layer, what attention needs of every position. */
import { allocTensor, type Memory, type Tensor } from '@octoscale/tensor'
import { DisposedError } from './errors.ts'

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

  /** For the model's use. Throws `OutOfMemoryError`; nothing stays allocated then. */
  constructor(memory: Memory, shape: { tensors: number; width: number }, capacity: number) {
    this.#memory = memory
    this.capacity = capacity
    const tensors: Tensor[] = []
    try {
      for (let layer = 0; layer < shape.tensors; layer++) {
        tensors.push(allocTensor(memory, 'f32', [capacity, shape.width], `cache of layer ${layer}`))
      }
    } catch (error) {
      for (const { buffer } of tensors) memory.free(buffer)
      throw error
    }
    this.#tensors = tensors
    this.bytes = tensors.reduce((sum, { buffer }) => sum + buffer.bytes, 0)
  }

  /** The ids whose positions are filled, from position 0. */
  get ids(): readonly number[] {
    return this.#ids
  }

  /** One tensor per layer, `[capacity, width]` f32. Throws `DisposedError`. */
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
