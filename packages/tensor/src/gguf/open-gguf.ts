/** Reading a GGUF file: the header at once, tensors on demand, dequantised if asked. Files are untrusted input. */
import { FormatError } from '../errors.ts'
import { makeRoom, readInto } from '../files/byte-source.ts'
import { printable } from '../files/json-keys.ts'
import { type FileLocation, type LocationOptions, sourceOf } from '../files/open-source.ts'
import { checkOut, type ReadFloat32Options, selectRows } from '../files/row-range.ts'
import type { StoredElements } from '../files/safetensors-dtypes.ts'
import { checkPart, type TensorReader } from '../files/tensor-reader.ts'
import { type GgmlType, ggmlType, ggmlTypes } from './ggml-types.ts'
import { readHeader } from './header.ts'
import type { GgufValue } from './metadata.ts'
import type { GgufTensor } from './tensor-infos.ts'

/** A GGUF file that is open. Names of tensors are ggml's (`blk.0.attn_q.weight`), shapes row-major. */
export interface GgufFile extends TensorReader {
  readonly format: 'gguf'
  readonly version: 2 | 3
  /** Tensors begin at multiples of so many bytes. */
  readonly alignment: number
  /** `general.architecture`, `tokenizer.ggml.tokens` and so on, in the order of the file. */
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: ReadonlyMap<string, GgufTensor>
  info(tensor: string): Promise<GgufTensor>
  /** The stored elements in their typed array; of a quantised type its blocks, as bytes. Throws as `read`. */
  readElements(tensor: string): Promise<StoredElements>
  /**
   * Weights as float32, bit for bit what the Python package `gguf` 0.19 makes of them (NaN where that has NaN).
   * Throws `FormatError` for integers and for types that have no decoder here, `ArgumentError` for wrong options.
   */
  readFloat32(tensor: string, options?: ReadFloat32Options): Promise<Float32Array>
}

export interface GgufOptions extends LocationOptions {
  /** Largest header to accept, in bytes; default 64 MiB. With a vocabulary of 256,000 tokens one has about 15 MiB. */
  readonly maxHeaderBytes?: number
}

const MAX_HEADER_BYTES = 2 ** 26
/** Blocks are read in parts of about this size, so that decoding needs little more than its result. */
const PART_BYTES = 2 ** 24

/**
 * Reads and validates the header of a GGUF file, version 2 or 3, little-endian, given by path, URL, `Blob` or bytes. Of a
 * model that is split into several files it reads one.
 *
 * Throws `FormatError` when the file is not well-formed (another magic or version, counts and lengths that the file has
 * no room for, a key or tensor twice, shapes that overflow or are not whole blocks, tensors that are misaligned, overlap
 * or reach beyond the file, not UTF-8), `FileNotFoundError` and `FileReadError`.
 */
export async function openGguf(location: FileLocation, options: GgufOptions = {}): Promise<GgufFile> {
  const source = sourceOf('openGguf', location, options)
  const file = source.name
  const header = await readHeader(source, options.maxHeaderBytes ?? MAX_HEADER_BYTES)
  const { tensors } = header

  const find = (name: string): GgufTensor => {
    const found = tensors.get(name)
    if (found !== undefined) return found
    const problem = `is not among the ${tensors.size} tensors of the file`
    throw new FormatError({ file, tensor: printable(name), problem })
  }
  const typeOf = ({ name, dtype }: GgufTensor): GgmlType => {
    const type = ggmlType(dtype)
    if (type !== undefined) return type
    const problem = `has ggml's ${dtype}, which is unknown here, and so is its size`
    throw new FormatError({ file, tensor: printable(name), problem })
  }
  const read = async (name: string): Promise<Uint8Array> => {
    const tensor = find(name)
    typeOf(tensor)
    return source.read(tensor.offset, tensor.bytes)
  }
  return {
    format: 'gguf',
    name: file,
    names: [...tensors.keys()],
    ...header,
    has: (name) => tensors.has(name),
    info: async (name) => find(name),
    read,
    async readInto(name, offset, into) {
      const tensor = find(name)
      typeOf(tensor)
      checkPart(name, tensor.bytes, offset, into.byteLength)
      await readInto(source, tensor.offset + offset, into)
    },
    async readElements(name) {
      const { array: Elements = Uint8Array } = typeOf(find(name))
      const bytes = await read(name)
      // A typed array needs an aligned start. The sources here give one; another's bytes may lie anywhere.
      const whole = bytes.byteLength === bytes.buffer.byteLength && bytes.buffer instanceof ArrayBuffer
      return new Elements((whole ? bytes.buffer : new Uint8Array(bytes).buffer) as ArrayBuffer)
    },
    async readFloat32(name, { rows, out: given } = {}) {
      const tensor = find(name)
      const { decode, blockSize, blockBytes } = typeOf(tensor)
      if (decode === undefined) throw notFloat(file, tensor)
      const { first, count } = selectRows('readFloat32', tensor, rows)
      checkOut(name, count, given)
      const out = given ?? new Float32Array(makeRoom(file, count * 4).buffer)
      const start = tensor.offset + (first / blockSize) * blockBytes
      const blocks = count / blockSize
      const partBlocks = Math.min(blocks, Math.floor(PART_BYTES / blockBytes))
      const room = makeRoom(file, partBlocks * blockBytes)
      for (let block = 0; block < blocks; block += partBlocks) {
        const part = Math.min(partBlocks, blocks - block)
        const bytes = room.subarray(0, part * blockBytes)
        await readInto(source, start + block * blockBytes, bytes)
        decode(bytes, out.subarray(block * blockSize, (block + part) * blockSize))
      }
      return out
    },
  }
}

function notFloat(file: string, { name, dtype }: GgufTensor): FormatError {
  const known = ggmlTypes.filter((type) => type.decode !== undefined).map((type) => type.name)
  const problem = `${dtype} cannot be read as floats; readable: ${known.join(', ')}`
  return new FormatError({ file, tensor: printable(name), problem })
}
