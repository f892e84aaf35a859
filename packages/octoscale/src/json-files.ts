/** The JSON files beside a model's weights. */
import { FileNotFoundError, type Folder } from '@octoscale/tensor'
import { LoadError } from './errors.ts'

/** A JSON file of a model is small; a larger one is refused before it is read. The DeepSeek vocabulary takes 8 MB. */
const maxJsonBytes = 64 * 2 ** 20

/** Throws `LoadError` for a file that is too large, not UTF-8 or no JSON, `FileNotFoundError`, `FileReadError`. */
export async function readJson(folder: Folder, file: string): Promise<unknown> {
  const source = await folder.open(file)
  const size = await source.size()
  const refuse = (problem: string, cause?: unknown): LoadError =>
    new LoadError({ source: folder.name, file, problem, cause })
  if (size > maxJsonBytes) throw refuse(`has ${size} bytes, at most ${maxJsonBytes} are read`)
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await source.read(0, size)))
  } catch (cause) {
    if (cause instanceof SyntaxError) throw refuse(`is not JSON: ${cause.message}`, cause)
    if (cause instanceof TypeError) throw refuse('is not UTF-8 text', cause)
    throw cause
  }
}

/** Undefined if there is no such file. */
export async function readOptionalJson(folder: Folder, file: string): Promise<unknown> {
  try {
    return await readJson(folder, file)
  } catch (error) {
    if (error instanceof FileNotFoundError) return undefined
    throw error
  }
}
