/** Reading a safetensors file: the header at once, tensors on demand. Files are untrusted input. */
import { decodeArray } from '@octoscale/fp8-core'
import { FormatError } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { parseHeader, type StoredTensor } from './header.ts'
import { printable } from './json-keys.ts'
import { isSafetensorsDType, type StoredElements, safetensorsDTypes } from './safetensors-dtypes.ts'

/** Named tensors that can be read one by one: a file, or a checkpoint of several files. */
export interface TensorReader {
  /** For error messages: path or URL. */
  readonly name: string
  /** All tensor names, in the order in which the file gives them. */
  readonly names: readonly string[]
  has(tensor: string): boolean
  /** dtype, shape and place. Throws `FormatError` when there is no such tensor. */
  info(tensor: string): Promise<StoredTensor>
  /** The stored bytes, of any dtype. Throws `FormatError`, `FileReadError`. */
  read(tensor: string): Promise<Uint8Array>
  /** The stored elements in their typed array (`safetensorsDTypes`). Throws `FormatError` for an unknown dtype. */
  readElements(tensor: string): Promise<StoredElements>
  /**
   * Float values: F32; BF16, F16 and 8-bit floats decoded exactly (8-bit codes as they are, without any block
   * scale); F64 rounded. Throws `FormatError` for a dtype that is no float.
   */
  readFloat32(tensor: string): Promise<Float32Array>
}

export interface SafetensorsFile extends TensorReader {
  /** The header's `__metadata__`. */
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

export interface SafetensorsOptions {
  /** Largest header to accept; default 100,000,000 bytes, the limit of the format's own library. */
  readonly maxHeaderBytes?: number
}

const MAX_HEADER_BYTES = 100_000_000
const FLOATS = ['F32', 'F64', 'BF16', 'F16', 'F8_E4M3', 'F8_E5M2', 'F8_E8M0']

/**
 * Reads and validates the header of a safetensors file.
 *
 * Throws `FormatError` when the file is not well-formed (header too long, not UTF-8 or JSON, a name twice,
 * sizes that disagree, gaps, overlaps, missing bytes), `FileNotFoundError` and `FileReadError`.
 */
export async function openSafetensors(
  source: ByteSource,
  options: SafetensorsOptions = {},
): Promise<SafetensorsFile> {
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
  const readElements = async (name: string): Promise<StoredElements> => {
    const { dtype } = find(name)
    if (!isSafetensorsDType(dtype)) {
      const problem = `dtype ${printable(dtype)} is unknown; its bytes can be had with read()`
      throw new FormatError({ file: source.name, tensor: printable(name), problem })
    }
    const bytes = await read(name)
    const { array: Elements } = safetensorsDTypes[dtype]
    // A typed array needs an aligned start. The sources here give one; another's bytes may lie anywhere.
    const aligned = bytes.byteOffset === 0 && bytes.buffer instanceof ArrayBuffer
    const buffer = aligned ? bytes.buffer : new Uint8Array(bytes).buffer
    return new Elements(buffer as ArrayBuffer, 0, bytes.byteLength / Elements.BYTES_PER_ELEMENT)
  }
  return {
    name: source.name,
    names: [...tensors.keys()],
    metadata,
    tensors,
    has: (name) => tensors.has(name),
    info: async (name) => find(name),
    read,
    readElements,
    async readFloat32(name) {
      const { dtype } = find(name)
      if (!FLOATS.includes(dtype)) {
        const problem = `dtype ${printable(dtype)} has no float values; readable: ${FLOATS.join(', ')}`
        throw new FormatError({ file: source.name, tensor: printable(name), problem })
      }
      const elements = await readElements(name)
      if (elements instanceof Float32Array) return elements
      if (elements instanceof Float64Array) return Float32Array.from(elements)
      return decodeArray(elements as Uint8Array | Uint16Array, dtype)
    },
  }
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
