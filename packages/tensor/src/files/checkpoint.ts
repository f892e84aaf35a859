/** A checkpoint in one or several safetensors files, as Hugging Face repositories lay them out. */
import { FormatError } from '../errors.ts'
import type { Folder } from './byte-source.ts'
import { FileNotFoundError } from './errors.ts'
import { findKeyProblem, printable } from './json-keys.ts'
import {
  openSafetensors,
  type SafetensorsFile,
  type SafetensorsOptions,
  type TensorReader,
} from './safetensors.ts'

/** All tensors of a checkpoint; which file holds a tensor is its own business. */
export interface Checkpoint extends TensorReader {
  /** Names of the files in the folder. */
  readonly files: readonly string[]
  /** The opened file that holds a tensor; opened once. Throws `FormatError`. */
  fileOf(tensor: string): Promise<SafetensorsFile>
}

const SINGLE = 'model.safetensors'
const INDEX = 'model.safetensors.index.json'
/** DeepSeek-V3's index has 9 MB for 92,000 tensors in 163 files. */
const MAX_INDEX_BYTES = 100_000_000

/**
 * Opens `model.safetensors` or, if the folder has none, `model.safetensors.index.json`. Of a checkpoint in
 * several files, each file's header is read when a tensor of it is first asked for.
 *
 * Throws `FileNotFoundError` when the folder has neither, `FormatError` for a malformed header or index, also
 * for an index that names a file outside the folder.
 */
export async function openCheckpoint(folder: Folder, options: SafetensorsOptions = {}): Promise<Checkpoint> {
  const open = async (file: string) => openSafetensors(await folder.open(file), options)
  try {
    const single = await open(SINGLE)
    const fileOf = async (tensor: string) => {
      await single.info(tensor)
      return single
    }
    return { ...single, files: [SINGLE], fileOf }
  } catch (error) {
    if (!(error instanceof FileNotFoundError)) throw error
  }
  return sharded(folder.name, await readIndex(folder), open)
}

function sharded(
  name: string,
  fileNames: ReadonlyMap<string, string>,
  open: (file: string) => Promise<SafetensorsFile>,
): Checkpoint {
  const opened = new Map<string, Promise<SafetensorsFile>>()
  const fileOf = async (tensor: string) => {
    const file = fileNames.get(tensor)
    if (file === undefined) {
      const problem = `is not among the ${fileNames.size} tensors of the index`
      throw new FormatError({ file: `${name}/${INDEX}`, tensor: printable(tensor), problem })
    }
    let promise = opened.get(file)
    if (promise === undefined) {
      promise = open(file)
      opened.set(file, promise)
      // A fault of the network must not stay: the next call tries again.
      promise.catch(() => opened.delete(file))
    }
    return promise
  }
  return {
    name,
    names: [...fileNames.keys()],
    files: [...new Set(fileNames.values())],
    fileOf,
    has: (tensor) => fileNames.has(tensor),
    info: async (tensor) => (await fileOf(tensor)).info(tensor),
    read: async (tensor) => (await fileOf(tensor)).read(tensor),
    readElements: async (tensor) => (await fileOf(tensor)).readElements(tensor),
    readFloat32: async (tensor) => (await fileOf(tensor)).readFloat32(tensor),
  }
}

/** Tensor name to file name. */
async function readIndex(folder: Folder): Promise<Map<string, string>> {
  const file = `${folder.name}/${INDEX}`
  const refuse = (problem: string, cause?: unknown) => new FormatError({ file, problem, cause })
  const bytes = await readIndexBytes(folder, refuse)
  let index: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const problem = findKeyProblem(text)
    if (problem !== undefined) throw refuse(problem)
    index = JSON.parse(text)
  } catch (cause) {
    throw cause instanceof FormatError ? cause : refuse('is not valid JSON in UTF-8', cause)
  }
  const map =
    index !== null && typeof index === 'object' && 'weight_map' in index ? index.weight_map : undefined
  if (map === null || typeof map !== 'object' || Array.isArray(map)) throw refuse('has no object weight_map')
  const fileNames = new Map<string, string>()
  for (const [tensor, name] of Object.entries(map)) {
    if (typeof name !== 'string' || !isPlainFileName(name)) {
      const problem = `weight_map must name a .safetensors file of this folder, got ${printable(`${name}`)}`
      throw new FormatError({ file, tensor: printable(tensor), problem })
    }
    fileNames.set(tensor, name)
  }
  return fileNames
}

async function readIndexBytes(folder: Folder, refuse: (problem: string) => FormatError): Promise<Uint8Array> {
  try {
    const source = await folder.open(INDEX)
    const size = await source.size()
    if (size > MAX_INDEX_BYTES) throw refuse(`has ${size} bytes, the limit is ${MAX_INDEX_BYTES}`)
    return await source.read(0, size)
  } catch (cause) {
    if (!(cause instanceof FileNotFoundError)) throw cause
    throw new FileNotFoundError({ path: `${folder.name}/${SINGLE} (or ${INDEX})`, cause })
  }
}

/** No separators, no drive letters, no `..`: the file lies in the folder itself. */
function isPlainFileName(name: string): boolean {
  return /^[^/\\:%\p{Cc}]{1,255}$/u.test(name) && !name.startsWith('.') && name.endsWith('.safetensors')
}
