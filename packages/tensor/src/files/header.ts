/**
 * The header of a safetensors file: parsed and validated against the file's size before anything else is read.
 *
 * File: `length (u64 little-endian) | header (JSON, length bytes) | data`. The header maps each name to
 * `{ dtype, shape, data_offsets: [begin, end] }`, offsets relative to the data, and `__metadata__` to strings.
 * The data has no gaps and no overlaps. Source: README and `tensor.rs` of huggingface/safetensors.
 */
import { FormatError } from '../errors.ts'
import { shapeText } from '../views.ts'
import { findKeyProblem, printable } from './json-keys.ts'
import { isSafetensorsDType, safetensorsDTypes } from './safetensors-dtypes.ts'

/** A tensor as its file describes it. */
export interface StoredTensor {
  readonly name: string
  /** As written in the file: a `SafetensorsDType`, or the name of one that this version does not know. */
  readonly dtype: string
  readonly shape: readonly number[]
  /** Byte offset of the first element in the file. */
  readonly offset: number
  readonly bytes: number
}

export interface Header {
  readonly metadata: ReadonlyMap<string, string>
  readonly tensors: ReadonlyMap<string, StoredTensor>
}

/** Parses a header's bytes. `dataBytes`: size of the file after the header. Throws `FormatError`. */
export function parseHeader(file: string, header: Uint8Array, dataBytes: number): Header {
  const metadata = new Map<string, string>()
  const tensors = new Map<string, StoredTensor>()
  const dataStart = 8 + header.byteLength
  for (const [name, entry] of Object.entries(parseJson(file, header))) {
    if (name === '__metadata__') readMetadata(file, entry, metadata)
    else tensors.set(name, readEntry(file, name, entry, dataStart))
  }
  checkCoverage(file, tensors, dataStart, dataStart + dataBytes)
  return { metadata, tensors }
}

function parseJson(file: string, header: Uint8Array): object {
  const refuse = (problem: string, cause?: unknown) => new FormatError({ file, problem, cause })
  let value: unknown
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header)
    if (text[0] !== '{') throw refuse(`the header must start with {, got ${printable(text.slice(0, 1))}`)
    const problem = findKeyProblem(text)
    if (problem !== undefined) throw refuse(`the header ${problem}`)
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof FormatError) throw cause
    const wrong = cause instanceof SyntaxError ? 'JSON' : 'UTF-8'
    throw refuse(`the header of ${header.byteLength} bytes is not valid ${wrong}`, cause)
  }
  return value as object
}

function readMetadata(file: string, entry: unknown, into: Map<string, string>): void {
  // Python's library writes null for no metadata.
  if (entry === null) return
  if (!isRecord(entry)) throw new FormatError({ file, problem: '__metadata__ must be an object' })
  for (const [key, value] of Object.entries(entry)) {
    if (typeof value !== 'string') {
      const problem = `__metadata__ ${printable(key)} must be a string, got ${typeof value}`
      throw new FormatError({ file, problem })
    }
    into.set(key, value)
  }
}

function readEntry(file: string, name: string, entry: unknown, dataStart: number): StoredTensor {
  const refuse = (problem: string) => new FormatError({ file, tensor: printable(name), problem })
  if (!name.isWellFormed()) throw refuse('the name is not valid Unicode')
  if (!isRecord(entry)) throw refuse('its entry must be an object')
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string') throw refuse(`dtype must be a string, got ${typeof dtype}`)
  if (!Array.isArray(shape) || !shape.every(isSize)) throw refuse('shape must be an array of integers >= 0')
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    throw refuse('data_offsets must be two integers >= 0')
  }
  const [begin, end] = offsets as [number, number]
  if (end < begin) throw refuse(`data_offsets end before they begin: ${begin} .. ${end}`)
  const bytes = end - begin
  if (isSafetensorsDType(dtype)) {
    const needed = exactBytes(shape, safetensorsDTypes[dtype].bits)
    if (needed !== bytes) {
      const size = needed ?? 'not a whole number of bytes below 2^53'
      throw refuse(`${dtype} ${shapeText(shape.slice(0, 8))} takes ${size}, data_offsets give ${bytes} bytes`)
    }
  }
  return { name, dtype, shape, offset: dataStart + begin, bytes }
}

/** Bytes of a tensor, or `undefined` when that overflows or is not whole. */
function exactBytes(shape: readonly number[], bits: number): number | undefined {
  if (shape.includes(0)) return 0
  let total = bits
  for (const size of shape) {
    total *= size
    if (total > Number.MAX_SAFE_INTEGER) return undefined
  }
  return total % 8 === 0 ? total / 8 : undefined
}

/** Sorted by offset, each tensor must begin where the one before ended, and the last must end with the file. */
function checkCoverage(
  file: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  dataStart: number,
  fileEnd: number,
): void {
  const inOrder = [...tensors.values()].sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)
  let end = dataStart
  for (const { name, offset, bytes } of inOrder) {
    if (offset !== end) {
      const kind = offset < end ? 'overlaps the tensor before it' : 'leaves a gap before it'
      const problem = `${kind}: it begins at ${offset - dataStart}, the one before ends at ${end - dataStart}`
      throw new FormatError({ file, tensor: printable(name), problem })
    }
    end = offset + bytes
    if (end > fileEnd) {
      const problem = `it ends at byte ${end}, the file at ${fileEnd}: the file is truncated`
      throw new FormatError({ file, tensor: printable(name), problem })
    }
  }
  if (end !== fileEnd) {
    throw new FormatError({ file, problem: `${fileEnd - end} bytes after the last tensor belong to none` })
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isSize(value: unknown): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0) && (value as number) >= 0
}
