/** Which file of a folder is the checkpoint. */
import { FormatError } from '../errors.ts'
import type { ByteSource, Folder } from './byte-source.ts'
import { INDEX_SUFFIX } from './checkpoint-index.ts'
import { FileNotFoundError } from './errors.ts'
import { SUPPORTED } from './file-kind.ts'
import { partNames } from './gguf-parts.ts'
import { printable } from './json-keys.ts'

const SINGLE = 'model.safetensors'
const INDEX = `model${INDEX_SUFFIX}`

/** Tried in this order, each if there is exactly one of its kind. */
const endings = [INDEX_SUFFIX, '.safetensors', '.gguf']

/**
 * `model.safetensors`, or its index; or, where the folder can be listed, the only file of a kind. Throws
 * `FileNotFoundError` when there is none, `FormatError` when there are several.
 */
export async function findInFolder(folder: Folder): Promise<{ name: string; source: ByteSource }> {
  for (const name of [SINGLE, INDEX]) {
    const source = await openExisting(folder, name)
    if (source !== undefined) return { name, source }
  }
  const names = (await folder.list?.()) ?? []
  for (const ending of endings) {
    // Hidden files are what tools and systems put there: `._model.safetensors` on a Mac's disk.
    const found = names.filter((name) => name.endsWith(ending) && !name.startsWith('.')).sort()
    if (found.length > 1 && !areParts(found)) {
      const some = found.slice(0, 4).map(printable).join(', ')
      const problem = `has ${found.length} files *${ending} (${some}): open one of them by its own name`
      throw new FormatError({ file: folder.name, problem })
    }
    if (found.length >= 1) return { name: found[0]!, source: await folder.open(found[0]!) }
  }
  const cause =
    folder.list === undefined ? undefined : `none of its ${names.length} files is one; ${SUPPORTED}`
  throw new FileNotFoundError({ path: `${folder.name}/${SINGLE} (or ${INDEX})`, cause })
}

/** Whether all are parts of one GGUF model; a missing one shows when they are opened. */
function areParts(names: readonly string[]): boolean {
  const parts = new Set(partNames(names[0]!))
  return names.every((name) => parts.has(name))
}

/** A missing file may show at its first read only. */
async function openExisting(folder: Folder, name: string): Promise<ByteSource | undefined> {
  try {
    const source = await folder.open(name)
    await source.size()
    return source
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined
    throw error
  }
}
