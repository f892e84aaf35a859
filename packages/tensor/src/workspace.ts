/**
 * Named activation buffers, all allocated when a model is loaded: a decode loop only takes views of them,
 * so it allocates nothing, and a backend that replays a recorded step sees the same buffers every time.
 */
import type { Memory } from './backend.ts'
import type { DType } from './dtype.ts'
import { ArgumentError, ShapeError } from './errors.ts'
import type { Tensor } from './tensor.ts'
import { allocTensor } from './transfer.ts'
import { byteLength, numel, rows, shapeText } from './views.ts'

/** What to allocate: each buffer at its largest shape, the first dimension being rows (usually tokens). */
export type WorkspacePlan<Name extends string = string> = Readonly<
  Record<Name, { readonly dtype: DType; readonly shape: readonly number[] }>
>

export interface Workspace<Name extends string = string> {
  /** Bytes of all buffers together. */
  readonly bytes: number
  /** The first `count` rows of buffer `name`; all rows when left out. Throws `ArgumentError` if there are fewer. */
  take(name: Name, count?: number): Tensor
  /** The start of buffer `name` under another shape of at most its size. Throws `ShapeError` if it is larger. */
  as(name: Name, shape: readonly number[]): Tensor
  /** Gives all buffers back. Safe to call twice. */
  free(): void
}

/** Bytes that a plan will take, before anything is allocated. */
export function workspaceBytes(plan: WorkspacePlan): number {
  return Object.values(plan).reduce((sum, entry) => sum + byteLength(entry), 0)
}

/**
 * Allocates every buffer of `plan`. When one does not fit, the earlier ones are given back and the
 * `OutOfMemoryError` goes on to the caller.
 */
export function createWorkspace<Name extends string>(
  backend: Memory,
  plan: WorkspacePlan<Name>,
): Workspace<Name> {
  const tensors = new Map<string, Tensor>()
  const free = () => {
    for (const { buffer } of tensors.values()) backend.free(buffer)
    tensors.clear()
  }
  try {
    for (const name in plan) tensors.set(name, allocTensor(backend, plan[name].dtype, plan[name].shape, name))
  } catch (error) {
    free()
    throw error
  }
  const find = (name: Name): Tensor => {
    const found = tensors.get(name)
    if (found !== undefined) return found
    throw new ArgumentError({
      op: 'workspace',
      argument: 'name',
      expected: `one of ${[...tensors.keys()].join(', ') || '(none: the workspace is freed)'}`,
      got: name,
    })
  }
  return {
    bytes: workspaceBytes(plan),
    take(name, count) {
      const full = find(name)
      return count === undefined || count === full.shape[0] ? full : rows(full, 0, count)
    },
    as(name, shape) {
      const full = find(name)
      const size = numel(shape)
      if (size > numel(full.shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
        const expected = `of at most ${numel(full.shape)} elements`
        throw new ShapeError({ op: 'workspace', tensor: name, expected, got: shapeText(shape) })
      }
      return { ...full, shape }
    },
    free,
  }
}
