/** A GGUF model in several files: `name-00001-of-00003.gguf`, as llama-gguf-split writes them. */
import { FormatError } from '../errors.ts'
import type { GgufFile } from '../gguf/open-gguf.ts'
import { printable } from './json-keys.ts'

const pattern = /^(.*)-(\d{5})-of-(\d{5})\.gguf$/s
/** Every part is opened before the first tensor is read, so that a claim costs no more than this. */
const mostParts = 1000

/** Names of all parts, if `name` is that of one. */
export function partNames(name: string): readonly string[] | undefined {
  const [, stem, , total = '0'] = pattern.exec(name) ?? []
  const count = Number(total)
  if (stem === undefined || count < 1 || count > mostParts) return undefined
  return Array.from({ length: count }, (_, i) => `${stem}-${String(i + 1).padStart(5, '0')}-of-${total}.gguf`)
}

/** How many files the model of `file` is in; 1: it is whole. */
export function partCount(file: GgufFile): number {
  const count = file.metadata.get('split.count')
  return typeof count === 'number' && count > 1 ? count : 1
}

/**
 * The parts as they are read: each with the metadata of the first, which alone has that of the model, and with the tensors of
 * all. By name of tensor, in the order of the parts. Throws `FormatError` unless the parts say that they belong together.
 */
export function joinParts(parts: readonly GgufFile[]): ReadonlyMap<string, GgufFile> {
  const first = parts[0] as GgufFile
  const tensors = new Map(parts.flatMap((part) => [...part.tensors]))
  for (const [index, part] of parts.entries()) {
    expectNumber(part, 'split.count', parts.length)
    expectNumber(part, 'split.no', index)
  }
  const held = parts.reduce((sum, part) => sum + part.tensors.size, 0)
  if (first.metadata.has('split.tensors.count')) expectNumber(first, 'split.tensors.count', held)
  const files = new Map<string, GgufFile>()
  for (const part of parts) {
    const whole = { ...part, metadata: first.metadata, tensors }
    for (const name of part.names) {
      const other = files.get(name)
      if (other !== undefined) {
        throw new FormatError({
          file: part.name,
          tensor: printable(name),
          problem: `is in ${other.name} too`,
        })
      }
      files.set(name, whole)
    }
  }
  return files
}

function expectNumber(part: GgufFile, key: string, expected: number): void {
  const got = part.metadata.get(key)
  if (got === expected) return
  const found = got === undefined ? 'nothing' : typeof got === 'number' ? got : printable(String(got))
  throw new FormatError({
    file: part.name,
    problem: `says ${found} for ${key}; the parts that there are make it ${expected}`,
  })
}
