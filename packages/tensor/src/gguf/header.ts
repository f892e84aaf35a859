/**
 * The header of a GGUF file: read by growing ranges, parsed and validated before any tensor is read.
 *
 * File: `GGUF | version u32 | tensors u64 | pairs u64 | metadata | tensor infos | padding | data`, little-endian.
 * Source: docs/gguf.md of ggml-org/ggml, and what the Python package `gguf` 0.19 writes and reads.
 */
import type { ByteSource } from '../files/byte-source.ts'
import { printable } from '../files/json-keys.ts'
import { HeaderBytes, type HeaderLimits, MoreBytesNeeded } from './header-bytes.ts'
import { type GgufValue, readMetadata } from './metadata.ts'
import { type GgufTensor, placeTensors, readTensorInfos } from './tensor-infos.ts'

export interface GgufHeader {
  readonly version: 2 | 3
  readonly alignment: number
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: ReadonlyMap<string, GgufTensor>
}

/** What a source behind a URL has after its first request. */
const FIRST_BYTES = 65_536
/** Each range is so many times what came before: few requests, and parsing again from the start costs a third more. */
const GROWTH = 4
const DEFAULT_ALIGNMENT = 32
/** Smallest pair: empty key, type, one byte. Smallest info: empty name, no dimensions, type, offset. */
const LEAST_PAIR_BYTES = 8 + 4 + 1
const LEAST_INFO_BYTES = 8 + 4 + 4 + 8
/** Real files have tens of pairs; DeepSeek-V3 has 92,000 tensors where experts are stored one by one. */
const MAX_PAIRS = 100_000
const MAX_TENSORS = 1_000_000

/** Reads and parses the header. Throws `FormatError`, and what the source throws. */
export async function readHeader(source: ByteSource, maxHeaderBytes: number): Promise<GgufHeader> {
  const fileBytes = await source.size()
  const limits = { file: source.name, fileBytes, maxHeaderBytes }
  const end = Math.min(fileBytes, maxHeaderBytes)
  let bytes = await source.read(0, Math.min(end, FIRST_BYTES))
  for (;;) {
    try {
      return parseHeader(bytes, limits)
    } catch (error) {
      if (!(error instanceof MoreBytesNeeded)) throw error
      const length = Math.min(end, Math.max(error.end, bytes.byteLength * GROWTH))
      const longer = new Uint8Array(length)
      longer.set(bytes)
      longer.set(await source.read(bytes.byteLength, length - bytes.byteLength), bytes.byteLength)
      bytes = longer
    }
  }
}

function parseHeader(bytes: Uint8Array, limits: HeaderLimits): GgufHeader {
  const header = new HeaderBytes(bytes, limits)
  const version = readVersion(header)
  const tensorCount = header.count('tensors', LEAST_INFO_BYTES, MAX_TENSORS)
  const pairCount = header.count('pairs of metadata', LEAST_PAIR_BYTES, MAX_PAIRS)
  const { values, alignment = DEFAULT_ALIGNMENT } = readMetadata(header, pairCount)
  // A power of two in 32 bits has one bit set.
  if (alignment === 0 || (alignment & (alignment - 1)) !== 0) {
    throw header.refuse(`general.alignment must be a power of two, got ${alignment}`)
  }
  const infos = readTensorInfos(header, tensorCount)
  const dataStart = Math.ceil(header.position / alignment) * alignment
  const tensors = placeTensors(header, infos, alignment, dataStart, limits.fileBytes)
  return { version, alignment, metadata: values, tensors }
}

function readVersion(header: HeaderBytes): 2 | 3 {
  const start = header.take(4, 'the magic GGUF')
  const magic = String.fromCharCode(...header.bytes.subarray(start, start + 4))
  if (magic !== 'GGUF') throw header.refuse(`is no GGUF file: it begins with ${printable(magic)}`)
  const version = header.u32('the version')
  if (version === 2 || version === 3) return version
  const swapped = header.view.getUint32(4, false)
  if (swapped <= 0xffff) {
    throw header.refuse(`is big-endian (version ${swapped}); convert it to little-endian`)
  }
  throw header.refuse(`has version ${version}; readable are 2 and 3`)
}
