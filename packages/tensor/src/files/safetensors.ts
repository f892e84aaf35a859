/** Reading a safetensors file: the header at once, tensors on demand. Files are untrusted input. */
import { ArgumentError, FormatError } from '../errors.ts'
import { type ByteSource, readInto } from './byte-source.ts'
import { parseHeader, type StoredTensor } from './header.ts'
import { printable } from './json-keys.ts'
import { type FileLocation, type LocationOptions, sourceOf } from './open-source.ts'
import { checkOut, selectRows } from './row-range.ts'
import {
  isSafetensorsDType,
  type SafetensorsDType,
  type StoredElements,
  safetensorsDTypes,
} from './safetensors-dtypes.ts'
import { floatDTypes, storedFloats } from './stored-floats.ts'
import { checkPart, type TensorReader } from './tensor-reader.ts'

export interface SafetensorsFile extends TensorReader {
  readonly format: 'safetensors'
  /** The header's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

export interface SafetensorsOptions extends LocationOptions {
  /** Largest header to accept; default 100,000,000 bytes, the limit of the format's own library. */
  readonly maxHeaderBytes?: number
}

const MAX_HEADER_BYTES = 100_000_000

/**
 * Reads and validates the header of a safetensors file, given by path, URL, `Blob` or bytes. Of the data nothing is
 * read before a tensor is asked for, and of that tensor only.
 *
 * Throws `FormatError` when the file is not well-formed (header too long, not UTF-8 or JSON, a name twice,
 * sizes that disagree, gaps, overlaps, missing bytes), `FileNotFoundError` and `FileReadError`.
 */
export async function openSafetensors(
  location: FileLocation,
  options: SafetensorsOptions = {},
): Promise<SafetensorsFile> {
  const source = sourceOf('openSafetensors', location, options)
  const size = await source.size()
  const header = await readHeader(source, size, options.maxHeaderBytes ?? MAX_HEADER_BYTES)
  const { metadata, tensors } = parseHeader(source.name, header, size - 8 - header.byteLength)

  const find = (name: string): StoredTensor => {
    const found = tensors.get(name)
    if (found !== undefined) return found
    const problem = `is not among the ${tensors.size} tensors of the file`
    throw new FormatError({ file: source.name, tensor: printable(name), problem })
  }
  const read = async (name: string) => {
    const { offset, bytes } = find(name)
    return source.read(offset, bytes)
  }
  const known = (name: string) => {
    const { dtype, shape } = find(name)
    if (isSafetensorsDType(dtype)) return { dtype, shape }
    const problem = `dtype ${printable(dtype)} is unknown; its bytes can be had with read()`
    throw new FormatError({ file: source.name, tensor: printable(name), problem })
  }
  const readElements = async (name: string): Promise<StoredElements> =>
    elementsOf(known(name).dtype, await read(name))
  return {
    format: 'safetensors',
    name: source.name,
    names: [...tensors.keys()],
    metadata,
    tensors,
    has: (name) => tensors.has(name),
    info: async (name) => find(name),
    read,
    readElements,
    async readInto(name, offset, into) {
      const stored = find(name)
      checkPart(name, stored.bytes, offset, into.byteLength)
      await readInto(source, stored.offset + offset, into)
    },
    async readFloat32(name, { rows, out } = {}) {
      const tensor = find(name)
      const { dtype } = tensor
      if (!(floatDTypes as readonly string[]).includes(dtype)) {
        const problem = `dtype ${printable(dtype)} has no float values; readable: ${floatDTypes.join(', ')}`
        throw new FormatError({ file: source.name, tensor: printable(name), problem })
      }
      const { dtype: float } = known(name)
      const { first, count } = selectRows('readFloat32', tensor, rows)
      checkOut(name, count, out)
      const { bits } = safetensorsDTypes[float]
      if ((first * bits) % 8 !== 0 || (count * bits) % 8 !== 0) {
        const expected = `rows of ${printable(name)} that begin and end with a byte (${bits} bits an element)`
        throw new ArgumentError({ op: 'readFloat32', argument: 'rows', expected, got: `[${rows}]` })
      }
      const bytes = await source.read(tensor.offset + (first * bits) / 8, (count * bits) / 8)
      const values = storedFloats(float, [count], elementsOf(float, bytes))
      if (out === undefined) return values
      out.set(values)
      return out
    },
  }
}

/** The bytes as the typed array of their dtype. */
function elementsOf(dtype: SafetensorsDType, bytes: Uint8Array): StoredElements {
  const { array: Elements } = safetensorsDTypes[dtype]
  // A typed array needs an aligned start. The sources here give one; another's bytes may lie anywhere.
  const aligned = bytes.byteOffset === 0 && bytes.buffer instanceof ArrayBuffer
  const buffer = aligned ? bytes.buffer : new Uint8Array(bytes).buffer
  return new Elements(buffer as ArrayBuffer, 0, bytes.byteLength / Elements.BYTES_PER_ELEMENT)
}

async function readHeader(source: ByteSource, size: number, limit: number): Promise<Uint8Array> {
  const file = source.name
  if (size < 8) throw new FormatError({ file, problem: `${size} bytes are too few for a safetensors file` })
  const prefix = await source.read(0, 8)
  const length = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(limit)) {
    throw new FormatError({ file, problem: `the header claims ${length} bytes, the limit is ${limit}` })
  }
  if (length > BigInt(size - 8)) {
    const problem = `the header claims ${length} bytes, the file has ${size - 8} after its first 8: truncated?`
    throw new FormatError({ file, problem })
  }
  return source.read(8, Number(length))
}
