/** What tensors a checkpoint has, from its headers: all of it known before anything is allocated. */
import { type Checkpoint, type StoredTensor, shapeText } from '@octoscale/tensor'
import { CheckpointError } from '../errors.ts'

export interface ListedTensor extends StoredTensor {
  /** The file that holds it. */
  readonly file: string
}

export interface Inventory {
  readonly tensors: ReadonlyMap<string, ListedTensor>
  /** Throws `CheckpointError` unless the tensor is there with this shape and one of these dtypes. */
  find(name: string, shape: readonly number[], dtypes: readonly string[]): ListedTensor
}

/** Reads the headers of all files. Throws `FormatError`, `FileNotFoundError`, `FileReadError`. */
export async function takeInventory(checkpoint: Checkpoint): Promise<Inventory> {
  const tensors = new Map<string, ListedTensor>()
  for (const name of checkpoint.names) {
    const file = await checkpoint.fileOf(name)
    tensors.set(name, { ...(await checkpoint.info(name)), file: file.name })
  }
  return {
    tensors,
    find(name, shape, dtypes) {
      const stored = tensors.get(name)
      const expected = `${dtypes.join(' or ')} ${shapeText(shape)}`
      if (stored === undefined) {
        const got = `nothing among the ${tensors.size} tensors there`
        throw new CheckpointError({ problem: 'missing', file: checkpoint.name, tensor: name, expected, got })
      }
      const sameShape =
        stored.shape.length === shape.length && stored.shape.every((size, i) => size === shape[i])
      if (sameShape && dtypes.includes(stored.dtype)) return stored
      const got = `${stored.dtype} ${shapeText(stored.shape)}`
      const problem = sameShape ? 'dtype' : 'shape'
      throw new CheckpointError({ problem, file: stored.file, tensor: name, expected, got })
    },
  }
}
