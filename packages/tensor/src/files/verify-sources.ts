/** Comparing files with their published SHA-256. */
import { ArgumentError } from '../errors.ts'
import type { ByteSource } from './byte-source.ts'
import { HashError } from './errors.ts'
import { type HashingSource, type HashOptions, hashingSource } from './hashing-source.ts'
import { type FileLocation, type LocationOptions, sourceOf } from './open-source.ts'

/** The SHA-256 of a file, read once from start to end. Throws `FileReadError`, the reason of the signal. */
export async function sha256Of(
  location: FileLocation,
  options: HashOptions & LocationOptions = {},
): Promise<string> {
  return hashingSource(sourceOf('sha256Of', location, options)).sha256(options)
}

/** Reads what is needed of each file. Throws `HashError` for the first that is another, `ArgumentError` for no hash. */
export async function verifySources(
  files: readonly { readonly source: ByteSource | HashingSource; readonly expected: string }[],
  { signal, onProgress }: HashOptions = {},
): Promise<void> {
  for (const { source, expected } of files) {
    if (/^[0-9a-f]{64}$/i.test(expected)) continue
    const facts = { op: 'verify', argument: `sha256 of ${source.name}`, expected: '64 hexadecimal digits' }
    throw new ArgumentError({ ...facts, got: JSON.stringify(expected) })
  }
  const sizes = await Promise.all(files.map(({ source }) => source.size()))
  const total = sizes.reduce((sum, size) => sum + size, 0)
  let before = 0
  for (const [i, { source, expected }] of files.entries()) {
    const hashing = 'sha256' in source ? source : hashingSource(source)
    const start = before
    const got = await hashing.sha256({
      signal,
      onProgress: onProgress && (({ bytes }) => onProgress({ bytes: start + bytes, total })),
    })
    if (got !== expected.toLowerCase()) throw new HashError({ file: source.name, expected, got })
    before += sizes[i]!
    onProgress?.({ bytes: before, total })
  }
}
