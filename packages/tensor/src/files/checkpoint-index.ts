/** The index of a checkpoint in several files: which file holds which tensor. */
import { FormatError } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { printable } from './json-keys.ts'
import { typeName } from './open-source.ts'
import { isObject, readJsonObject } from './read-json.ts'

export const INDEX_SUFFIX = '.safetensors.index.json'
/** DeepSeek-V3's index has 9 MB for 92,000 tensors in 163 files. */
const MAX_INDEX_BYTES = 100_000_000

/**
 * Tensor name to file name. Throws `FormatError` for a malformed index, also for one that names a file outside the
 * folder; `FileNotFoundError`, `FileReadError`.
 */
export async function readIndex(
  source: ByteSource,
  file: string = source.name,
): Promise<Map<string, string>> {
  const { weight_map: map } = await readJsonObject(source, MAX_INDEX_BYTES, file)
  if (!isObject(map)) throw new FormatError({ file, problem: 'has no object weight_map' })
  const fileNames = new Map<string, string>()
  for (const [tensor, name] of Object.entries(map)) {
    if (typeof name !== 'string' || !isPlainFileName(name)) {
      const got = typeof name === 'string' ? printable(name) : typeName(name)
      const problem = `weight_map must name a .safetensors file of this folder, got ${got}`
      throw new FormatError({ file, tensor: printable(tensor), problem })
    }
    fileNames.set(tensor, name)
  }
  return fileNames
}

/** No separators, no drive letters, no `..`: the file lies in the folder itself. */
function isPlainFileName(name: string): boolean {
  return /^[^/\\:%\p{Cc}]{1,255}$/u.test(name) && !name.startsWith('.') && name.endsWith('.safetensors')
}
