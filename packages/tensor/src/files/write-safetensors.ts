/** Writing a safetensors file as the Python library (0.8) writes it, byte for byte except for the order of metadata. */
import { ArgumentError } from '../errors.ts'
import { printable } from './json-keys.ts'
import { type SafetensorsDType, safetensorsDTypes } from './safetensors-dtypes.ts'

export interface TensorToWrite {
  readonly dtype: SafetensorsDType
  readonly shape: readonly number[]
  /** Little-endian, `numel * bits / 8` bytes. */
  readonly data: Uint8Array
}

/**
 * One file in memory. Tensors are laid out by dtype, widest first, then by name; metadata is sorted by key, where
 * Python's order is random; the header is padded with spaces to 8 bytes.
 * Throws `ArgumentError` when data and shape disagree, or for a name that the format cannot have.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  for (const [name, tensor] of Object.entries(tensors)) checkTensor(name, tensor)
  const rank = Object.keys(safetensorsDTypes)
  const ordered = Object.entries(tensors).sort(
    ([a, x], [b, y]) => rank.indexOf(y.dtype) - rank.indexOf(x.dtype) || compareUtf8(a, b),
  )
  const fields: string[] = []
  if (metadata !== undefined) {
    const sorted = Object.entries(metadata).sort(([a], [b]) => compareUtf8(a, b))
    const entries = sorted.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`)
    fields.push(`"__metadata__":{${entries.join(',')}}`)
  }
  let end = 0
  for (const [name, { dtype, shape, data }] of ordered) {
    const begin = end
    end += data.byteLength
    const facts = JSON.stringify({ dtype, shape, data_offsets: [begin, end] })
    fields.push(`${JSON.stringify(name)}:${facts}`)
  }
  const header = new TextEncoder().encode(`{${fields.join(',')}}`)
  const padded = Math.ceil(header.byteLength / 8) * 8
  const file = new Uint8Array(8 + padded + end).fill(0x20, 8, 8 + padded)
  new DataView(file.buffer).setBigUint64(0, BigInt(padded), true)
  file.set(header, 8)
  let offset = 8 + padded
  for (const [, { data }] of ordered) {
    file.set(data, offset)
    offset += data.byteLength
  }
  return file
}

function checkTensor(name: string, { dtype, shape, data }: TensorToWrite): void {
  const refuse = (expected: string, got: string) =>
    new ArgumentError({ op: 'writeSafetensors', argument: `tensor ${printable(name)}`, expected, got })
  if (name === '__metadata__' || !name.isWellFormed()) throw refuse('named otherwise', printable(name))
  const bytes = (shape.reduce((product, size) => product * size, 1) * safetensorsDTypes[dtype].bits) / 8
  const sizes = shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  if (!sizes || bytes !== data.byteLength) {
    throw refuse(`${bytes} bytes for ${dtype} [${shape.join(', ')}]`, `${data.byteLength}`)
  }
}

/** The order of UTF-8 bytes, which is that of code points: not the order of JavaScript's UTF-16 units. */
function compareUtf8(a: string, b: string): number {
  const x = [...a]
  const y = [...b]
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] !== y[i]) return x[i]!.codePointAt(0)! - y[i]!.codePointAt(0)!
  }
  return x.length - y.length
}
