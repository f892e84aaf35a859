/** For tests only: reads the golden files that `tooling/fixtures/fp8-core/generate.py` makes. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateSync } from 'node:zlib'

class StaleGoldenError extends Error {
  override readonly name = 'StaleGoldenError'
  readonly file: string
  constructor(file: string) {
    super(`golden/${file} is not of version 1: make it again with tooling/fixtures/fp8-core/generate.py`)
    this.file = file
  }
}

/** The `data` of a golden file; `Data` is what the script writes there. */
export function golden<Data>(file: string): Data {
  const text = readFileSync(new URL(`./golden/${file}`, import.meta.url), 'utf8')
  const { magic, version, data } = JSON.parse(text) as { magic: string; version: number; data: Data }
  if (magic !== 'fp8-core golden' || version !== 1) throw new StaleGoldenError(file)
  return data
}

export function bytes(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

/** Codes that were deflated. */
export function inflated(base64: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(inflateSync(bytes(base64)))
}

export function float32(base64: string): Float32Array<ArrayBuffer> {
  return new Float32Array(bytes(base64).buffer)
}

/** Hash of an array's little-endian bytes. */
export function sha256(array: ArrayBufferView): string {
  return createHash('sha256')
    .update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength))
    .digest('hex')
}

/** Indices where two arrays differ, `most` of them at most; NaN equals NaN, and 0 is not -0. A loop, since there are millions. */
export function differences(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  most: number = Infinity,
): number[] {
  const indices: number[] = []
  const length = Math.max(got.length, expected.length)
  for (let i = 0; i < length && indices.length < most; i++) {
    if (!Object.is(got[i], expected[i])) indices.push(i)
  }
  return indices
}

/** The first few of them, for a failure that is quick to print and to read. */
export function firstDifferences(got: ArrayLike<number>, expected: ArrayLike<number>): number[] {
  return differences(got, expected, 8)
}
