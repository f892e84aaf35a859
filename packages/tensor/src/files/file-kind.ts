/** What a file is, by its first bytes; names lie. */
import { FormatError } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'

export type FileKind = 'safetensors' | 'gguf' | 'index'

export const SUPPORTED =
  'supported are safetensors files, the index (.safetensors.index.json) of several, and GGUF 2 and 3'

/** What others begin with, to say what the file is instead. */
const others: readonly [start: string, name: string][] = [
  [
    'PK\u0003\u0004',
    'a ZIP archive, perhaps a PyTorch checkpoint (pickle): convert it with safetensors for Python',
  ],
  ['\u0080\u0002', 'a Python pickle: convert it with safetensors for Python'],
  ['\u0089HDF', 'an HDF5 file'],
  ['\u0093NUMPY', 'a NumPy file'],
  ['ggml', 'a GGML file, the predecessor of GGUF: convert it with llama.cpp'],
  ['version https://', 'a pointer of Git LFS, not the file itself: run "git lfs pull"'],
  ['<', 'a page of HTML or XML, not the file itself: check the address'],
]

/**
 * The kind of file that this is. `name` decides only where the content has nothing to say: a damaged index is still one.
 * Throws `FormatError` for another, naming what is supported; `FileReadError`.
 */
export async function fileKind(source: ByteSource, name: string): Promise<FileKind> {
  const size = await source.size()
  const start = await source.read(0, Math.min(size, 16))
  const text = String.fromCharCode(...start)
  if (text.startsWith('GGUF')) return 'gguf'
  // The header's length stands first, 64 bits: below 2^56 for any file that can exist. Text has no zero byte.
  if (text[8] === '{' && start[7] === 0) return 'safetensors'
  if (/^\s*\{/.test(text) && start[7] !== 0) return 'index'
  if (name.endsWith('.index.json')) return 'index'
  const known = others.find(([magic]) => text.startsWith(magic))?.[1]
  const bytes = [...start.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
  const what = known === undefined ? `begins with ${bytes || 'nothing'}, no known format` : `is ${known}`
  const few = size < 8 ? `: ${size} bytes are too few` : ''
  throw new FormatError({ file: source.name, problem: `${what}${few}; ${SUPPORTED}` })
}
