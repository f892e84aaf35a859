/** Writing a safetensors file tensor after tensor, with no more memory than one part of one tensor. */
import { ArgumentError } from '../errors.ts'
import { pathOf } from './disk.ts'
import { FileWriteError } from './errors.ts'
import type { Progress } from './hashing-source.ts'
import { type Place, placeOf } from './open-source.ts'
import { createSha256 } from './sha256.ts'
import { beginFile } from './write-disk.ts'
import { type Layout, layoutOf, refuse, type TensorFacts } from './write-layout.ts'

/** A tensor whose bytes are asked for when their turn comes. */
export interface TensorToStream extends TensorFacts {
  readonly name: string
  /**
   * The bytes, little-endian, `numel * bits / 8` of them: all at once or in parts. Called once. A part may use memory
   * again that an earlier part had.
   */
  read(): Uint8Array | Promise<Uint8Array> | Iterable<Uint8Array> | AsyncIterable<Uint8Array>
}

/**
 * Where a file goes: a path or `file:` URL (Node; the file appears under its name when it is complete), a stream such as
 * `FileSystemWritableFileStream` (closed at the end, aborted on an error), an open file of Node, or a function (which
 * must not keep the bytes). The last two are the caller's to close.
 */
export type Sink =
  | string
  | URL
  | WritableStream<Uint8Array<ArrayBuffer>>
  | { readonly fd: number; write(bytes: Uint8Array, offset: number): Promise<{ bytesWritten: number }> }
  | ((bytes: Uint8Array) => unknown)

export interface WriteOptions {
  /** The header's `__metadata__`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  readonly signal?: AbortSignal | undefined
  /** Called after each part that is written. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
}

export interface WrittenFile {
  readonly bytes: number
  /** 64 lower-case hexadecimal digits. */
  readonly sha256: string
}

/**
 * Writes one file, byte for byte what `writeSafetensors` gives for the same tensors: in the order of the format, not as
 * listed. Throws `ArgumentError` for tensors as `layoutOf` refuses them and for bytes more or fewer than the shape needs,
 * `FileWriteError`, the reason of the signal, and what `read` or the sink throws. Of a path nothing is left then, and what
 * was there stays; otherwise it is replaced.
 */
export async function writeSafetensorsTo(
  sink: Sink,
  tensors: Iterable<TensorToStream>,
  options: WriteOptions = {},
): Promise<WrittenFile> {
  const list = [...tensors].map((tensor) => [tensor.name, tensor] as const)
  const layout = layoutOf('writeSafetensorsTo', list, options.metadata)
  const { write, done, failed } = await openSink(sink)
  try {
    const written = await writeLayout(layout, write, options)
    await done()
    return written
  } catch (error) {
    await failed(error)
    throw error
  }
}

/** The file's bytes to `write`, hashed on the way. */
export async function writeLayout(
  { start, ordered, fileBytes: total }: Layout<TensorToStream>,
  write: (bytes: Uint8Array) => unknown,
  { signal, onProgress }: Pick<WriteOptions, 'signal' | 'onProgress'>,
): Promise<WrittenFile> {
  const hash = createSha256()
  let bytes = 0
  const put = async (part: Uint8Array) => {
    signal?.throwIfAborted()
    hash.update(part)
    await write(part)
    bytes += part.byteLength
    onProgress?.({ bytes, total })
  }
  await put(start)
  for (const { name, bytes: expected, tensor } of ordered) {
    signal?.throwIfAborted()
    const wrong = (got: string) =>
      refuse('write', name, `${expected} bytes for ${tensor.dtype} [${tensor.shape.join(', ')}]`, got)
    let got = 0
    const given = await tensor.read()
    for await (const part of given instanceof Uint8Array ? [given] : given) {
      if (!(part instanceof Uint8Array)) throw wrong('something else than Uint8Array')
      got += part.byteLength
      if (got > expected) throw wrong(`at least ${got}`)
      if (part.byteLength > 0) await put(part)
    }
    if (got < expected) throw wrong(`${got}`)
  }
  return { bytes, sha256: hash.digest() }
}

interface OpenSink {
  write(bytes: Uint8Array): unknown
  done(): Promise<void>
  failed(reason: unknown): Promise<void>
}

const nothing = async (): Promise<void> => {}

async function openSink(sink: Sink): Promise<OpenSink> {
  if (typeof sink === 'function') return { write: sink, done: nothing, failed: nothing }
  if (typeof sink === 'string' || sink instanceof URL) {
    const file = await beginFile(diskPath(placeOf('writeSafetensorsTo', sink)))
    const done = async () => {
      await file.finish()
      await file.commit()
    }
    return { write: (bytes) => file.write(bytes), done, failed: () => file.discard() }
  }
  if (typeof sink === 'object' && sink !== null && 'getWriter' in sink) {
    const writer = sink.getWriter()
    return {
      // A copy: what lies behind the stream may still have it when `write` is done.
      write: (bytes) => writer.write(new Uint8Array(bytes)),
      done: () => writer.close(),
      failed: (reason) => writer.abort(reason).catch(() => {}),
    }
  }
  if (typeof sink === 'object' && sink !== null && 'fd' in sink) {
    const write = async (bytes: Uint8Array) => {
      for (let done = 0; done < bytes.byteLength; ) {
        const { bytesWritten } = await sink.write(bytes, done)
        // Nothing would go on for ever, and what is no number would end too early.
        if (!(bytesWritten > 0)) {
          const problem = `took ${bytesWritten} of ${bytes.byteLength - done} bytes`
          throw new FileWriteError({ path: `the open file ${sink.fd}`, problem })
        }
        done += bytesWritten
      }
    }
    return { write, done: nothing, failed: nothing }
  }
  const expected = 'a path, a stream, an open file or a function'
  throw new ArgumentError({ op: 'writeSafetensorsTo', argument: 'sink', expected, got: `${sink}` })
}

function diskPath(place: Place): string {
  if ('path' in place) return pathOf(place.path)
  throw new FileWriteError({ path: 'a URL', problem: 'cannot be written to; give a path' })
}
