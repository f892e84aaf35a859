/** Test data: the golden files of `tooling/fixtures/gguf/make_files.py`, and small files made by hand. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const goldenGguf: string = fileURLToPath(new URL('../golden/gguf/', import.meta.url))

export function golden(file: string): Uint8Array {
  return new Uint8Array(readFileSync(`${goldenGguf}${file}`))
}

export interface ExpectedTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  /** sha256, as `f32`. */
  readonly bytes: string
  readonly f32?: string
  /** Bits of the first four floats, hexadecimal. */
  readonly first?: readonly string[]
}

type Text = string | number | boolean | readonly Text[]

export const expected: {
  /** Key, type, value; integers are strings. */
  readonly pairs: readonly (readonly [string, string, Text])[]
  readonly arrays: readonly (readonly [string, string, readonly Text[]])[]
  readonly tensors: Readonly<Record<string, ExpectedTensor>>
} = JSON.parse(readFileSync(`${goldenGguf}expected.json`, 'utf8'))

export function sha256({ buffer, byteOffset, byteLength }: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex')
}

/** The bits of floats, with all NaN alike: engines keep no payload. */
export function bitsOf(values: Float32Array): Uint32Array {
  const bits = new Uint32Array(new Float32Array(values).buffer)
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & 0x7fffffff) > 0x7f800000) bits[i] = 0x7fc00000
  return bits
}

/** Parts of a file: a number is a byte, a bigint 64 bits, a string its bytes (ASCII). */
export type Part = number | bigint | string | Uint8Array | readonly Part[]

export function join(...parts: readonly Part[]): Uint8Array {
  return bytesOf(parts)
}

function bytesOf(part: Part): Uint8Array {
  if (typeof part === 'number') return Uint8Array.of(part)
  if (typeof part === 'string') return Buffer.from(part, 'latin1')
  if (typeof part === 'bigint') return new Uint8Array(BigUint64Array.of(part).buffer)
  return part instanceof Uint8Array ? part : new Uint8Array(Buffer.concat(part.map(bytesOf)))
}

export function u32(value: number): Part {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]
}

/** `length | bytes`, as strings are written. */
export function str(text: string): Part {
  return [BigInt(text.length), text]
}

export function info(name: string, ne: readonly bigint[], type: number, offset: bigint): Part {
  return [str(name), u32(ne.length), ...ne, u32(type), offset]
}

export interface Layout {
  readonly version?: number
  readonly tensors?: readonly Part[]
  readonly pairs?: readonly Part[]
  /** After padding to a multiple of 32; a number is so many zeros. */
  readonly data?: number | Uint8Array
}

/** A whole file. */
export function fileOf({ version = 3, tensors = [], pairs = [], data = 0 }: Layout): Uint8Array {
  const counts = [BigInt(tensors.length), BigInt(pairs.length)]
  const header = join('GGUF', u32(version), ...counts, ...pairs, ...tensors)
  if (data === 0) return header
  const bytes = typeof data === 'number' ? new Uint8Array(data) : data
  const start = Math.ceil(header.length / 32) * 32
  const file = new Uint8Array(start + bytes.length)
  file.set(header)
  file.set(bytes, start)
  return file
}
