/** Test data: where the files of `tooling/fixtures/safetensors/make_files.py` lie, and small files by hand. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type ByteSource, bytesSource } from './byte-source.ts'

export const goldenFolder: string = fileURLToPath(new URL('../golden/', import.meta.url))

export interface ExpectedTensor {
  readonly dtype: string
  readonly shape: readonly number[]
  /** Hexadecimal. */
  readonly bytes: string
  /** Hexadecimal; floats only. */
  readonly f32?: string
}

export const expected: {
  readonly tensors: Readonly<Record<string, ExpectedTensor>>
  readonly fp6: Readonly<Record<string, ExpectedTensor>>
  readonly dequantized: string
} = JSON.parse(readFileSync(`${goldenFolder}expected.json`, 'utf8'))

export function hexOf(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}

/** A safetensors file with this header text (or these bytes) and so many zero bytes of data. */
export function fileWith(header: string | Uint8Array | object, dataBytes = 0): ByteSource {
  const text = typeof header === 'string' || header instanceof Uint8Array ? header : JSON.stringify(header)
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const file = new Uint8Array(8 + bytes.byteLength + dataBytes)
  new DataView(file.buffer).setBigUint64(0, BigInt(bytes.byteLength), true)
  file.set(bytes, 8)
  return bytesSource('test.safetensors', file)
}
