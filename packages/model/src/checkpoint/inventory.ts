/** What tensors a checkpoint has, from its headers: all of it known before anything is allocated. */
import { type Checkpoint, integerLayout, type StoredTensor, shapeText } from '@octoscale/tensor'
import { CheckpointError } from '../errors.ts'
import { namesOfGguf } from './gguf-names.ts'

export interface ListedTensor extends StoredTensor {
  /** The name by which architectures ask for it. */
  readonly name: string
  /** The file that holds the tensor. */
  readonly file: string
  /** Its name in the file. */
  readonly storedName: string
  /** It is this matrix of a stored stack `[count, ...shape]`; undefined: it is all of what is stored. */
  readonly part: number | undefined
}

export interface Inventory {
  readonly tensors: ReadonlyMap<string, ListedTensor>
  /** Quantised dtypes of a GGUF file that can be taken apart into integer codes. */
  readonly quantized: readonly string[]
  /** Throws `CheckpointError` unless the tensor is there with this shape and one of these dtypes. */
  find(name: string, shape: readonly number[], dtypes: readonly string[]): ListedTensor
}

/** More experts than any model has; a stack of more is reported as a tensor that nobody asked for. */
const maxStack = 4096

/** Reads the headers of all files. Throws `FormatError`, `FileNotFoundError`, `FileReadError`. */
export async function takeInventory(checkpoint: Checkpoint): Promise<Inventory> {
  const tensors = new Map<string, ListedTensor>()
  const quantized = new Set<string>()
  for (const storedName of checkpoint.names) {
    const file = (await checkpoint.fileOf(storedName)).name
    const stored = await checkpoint.info(storedName)
    if (checkpoint.format === 'safetensors') {
      tensors.set(storedName, { ...stored, name: storedName, storedName, file, part: undefined })
      continue
    }
    for (const each of listGguf(stored, storedName, file)) tensors.set(each.name, each)
    if (integerLayout(stored.dtype) !== undefined) quantized.add(stored.dtype)
  }
  return {
    tensors,
    quantized: [...quantized],
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

function listGguf(stored: StoredTensor, storedName: string, file: string): ListedTensor[] {
  const [stack = 0] = stored.shape
  const isStack = stored.shape.length === 3 && stack >= 1 && stack <= maxStack
  const names = isStack ? namesOfGguf(storedName, stack) : namesOfGguf(storedName, 1)
  if (!isStack || names.length !== stack) {
    return [{ ...stored, name: names[0] as string, storedName, file, part: undefined }]
  }
  const shape = stored.shape.slice(1)
  const bytes = stored.bytes / stack
  return names.map((name, part) => ({ ...stored, name, shape, bytes, storedName, file, part }))
}
