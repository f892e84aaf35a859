/** Where tensors lie in a safetensors file, and its header: as the Python library (0.8) writes them. */
import { ArgumentError } from '../errors.ts'
import { shapeText } from '../views.ts'
import { printable } from './json-keys.ts'
import { isSafetensorsDType, type SafetensorsDType, safetensorsDTypes } from './safetensors-dtypes.ts'

/** What a header says of a tensor. */
export interface TensorFacts {
  readonly dtype: SafetensorsDType
  readonly shape: readonly number[]
}

export interface Layout<Tensor> {
  /** Length field and header: what the file begins with. */
  readonly start: Uint8Array
  /** The tensors in the order of the file. */
  readonly ordered: readonly { readonly name: string; readonly bytes: number; readonly tensor: Tensor }[]
  /** Of the whole file. */
  readonly fileBytes: number
}

const rank = Object.keys(safetensorsDTypes)

/**
 * Tensors are laid out by dtype, widest first, then by name; metadata is sorted by key, where Python's order is random;
 * the header is padded with spaces to 8 bytes. Throws `ArgumentError` for a name that the format cannot have or that
 * occurs twice, an unknown dtype, and a shape that is none.
 */
export function layoutOf<Tensor extends TensorFacts>(
  op: string,
  tensors: readonly (readonly [name: string, tensor: Tensor])[],
  metadata?: Readonly<Record<string, string>>,
): Layout<Tensor> {
  checkUnique(
    op,
    tensors.map(([name]) => name),
  )
  const sized = tensors.map(([name, tensor]) => ({ name, bytes: tensorBytes(op, name, tensor), tensor }))
  const ordered = sized.sort(
    (a, b) => rank.indexOf(b.tensor.dtype) - rank.indexOf(a.tensor.dtype) || compareUtf8(a.name, b.name),
  )
  const fields = metadata === undefined ? [] : [metadataField(op, metadata)]
  let end = 0
  for (const { name, bytes, tensor } of ordered) {
    const begin = end
    end += bytes
    // The fields in this order, whatever else the object has.
    const facts = { dtype: tensor.dtype, shape: tensor.shape, data_offsets: [begin, end] }
    fields.push(`${JSON.stringify(name)}:${JSON.stringify(facts)}`)
  }
  const start = headerBytes(`{${fields.join(',')}}`)
  return { start, ordered, fileBytes: start.byteLength + end }
}

/** Bytes that a tensor takes. Throws `ArgumentError` as `layoutOf`. */
export function tensorBytes(op: string, name: string, { dtype, shape }: TensorFacts): number {
  if (typeof name !== 'string' || name === '__metadata__' || !name.isWellFormed()) {
    throw refuse(op, `${name}`, 'named otherwise', printable(`${name}`))
  }
  if (!isSafetensorsDType(dtype)) {
    throw refuse(op, name, `of a dtype of ${rank.join(', ')}`, printable(`${dtype}`))
  }
  const sizes = shape.every((size) => Number.isSafeInteger(size) && size >= 0)
  const bits = shape.includes(0)
    ? 0
    : shape.reduce((product, size) => product * size, safetensorsDTypes[dtype].bits)
  if (!sizes || bits > Number.MAX_SAFE_INTEGER || bits % 8 !== 0) {
    throw refuse(op, name, `a whole number of bytes below 2^50`, `${dtype} ${shapeText(shape.slice(0, 8))}`)
  }
  return bits / 8
}

/** Throws `ArgumentError` for a name that occurs twice. */
export function checkUnique(op: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) throw refuse(op, name, 'there once', 'two of that name')
    seen.add(name)
  }
}

export function refuse(op: string, name: string, expected: string, got: string): ArgumentError {
  return new ArgumentError({ op, argument: `tensor ${printable(name)}`, expected, got })
}

function metadataField(op: string, metadata: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(metadata).sort(([a], [b]) => compareUtf8(a, b))
  const entries = sorted.map(([key, value]) => {
    if (typeof value !== 'string' || !value.isWellFormed() || !key.isWellFormed()) {
      const argument = `metadata ${printable(key)}`
      throw new ArgumentError({ op, argument, expected: 'text in valid Unicode', got: typeof value })
    }
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`
  })
  return `"__metadata__":{${entries.join(',')}}`
}

/** The length as u64, then the text, padded with spaces. */
function headerBytes(text: string): Uint8Array {
  const header = new TextEncoder().encode(text)
  const padded = Math.ceil(header.byteLength / 8) * 8
  const start = new Uint8Array(8 + padded).fill(0x20, 8)
  new DataView(start.buffer).setBigUint64(0, BigInt(padded), true)
  start.set(header, 8)
  return start
}

/** The order of UTF-8 bytes, which is that of code points: not the order of JavaScript's UTF-16 units. */
export function compareUtf8(a: string, b: string): number {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return rankOf(x) - rankOf(y)
  }
  return a.length - b.length
}

/** A surrogate stands for a code point above all of one unit. */
function rankOf(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
