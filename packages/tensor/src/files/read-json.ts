/** JSON files beside the weights: an index, a model's configuration. Untrusted, so bounded and checked for double keys. */
import { FormatError } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { findKeyProblem } from './json-keys.ts'

/** The object that a file holds. Throws `FormatError`, `FileNotFoundError`, `FileReadError`. */
export async function readJsonObject(
  source: ByteSource,
  maxBytes: number,
  file: string = source.name,
): Promise<Readonly<Record<string, unknown>>> {
  const refuse = (problem: string, cause?: unknown) => new FormatError({ file, problem, cause })
  const size = await source.size()
  if (size > maxBytes) throw refuse(`has ${size} bytes, the limit is ${maxBytes}`)
  const bytes = await source.read(0, size)
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    const problem = findKeyProblem(text)
    if (problem !== undefined) throw refuse(problem)
    value = JSON.parse(text)
  } catch (cause) {
    throw cause instanceof FormatError ? cause : refuse('is not valid JSON in UTF-8', cause)
  }
  if (!isObject(value)) throw refuse('must hold a JSON object')
  return value
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}
