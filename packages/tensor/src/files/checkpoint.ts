/** A checkpoint in whatever form it was given: one file or several, safetensors or GGUF. */
import { ArgumentError, FormatError } from '../errors.ts'
import { type GgufFile, openGguf } from '../gguf/open-gguf.ts'
import type { ByteSource, Folder } from './byte-source.ts'
import { type CheckpointCheck, checkShards } from './checkpoint-check.ts'
import { findInFolder } from './checkpoint-folder.ts'
import { readIndex } from './checkpoint-index.ts'
import { FileNotFoundError, FileReadError } from './errors.ts'
import { fileKind } from './file-kind.ts'
import { joinParts, partCount, partNames } from './gguf-parts.ts'
import { type HashingSource, type HashOptions, hashingSource } from './hashing-source.ts'
import { printable } from './json-keys.ts'
import { type CheckpointLocation, type Located, locate } from './locate.ts'
import { readJsonObject } from './read-json.ts'
import { openSafetensors, type SafetensorsFile, type SafetensorsOptions } from './safetensors.ts'
import type { TensorReader } from './tensor-reader.ts'
import { verifySources } from './verify-sources.ts'

/** All tensors of a checkpoint; which file holds a tensor is its own business. */
export interface Checkpoint extends TensorReader {
  readonly format: 'safetensors' | 'gguf'
  /** Names of the files that hold the tensors. */
  readonly files: readonly string[]
  /** The opened file that holds a tensor; opened once. Throws `FormatError`. */
  fileOf(tensor: string): Promise<SafetensorsFile | GgufFile>
  /**
   * `config.json` beside the files, or `undefined` where there is none. Throws `FormatError` unless it is an object in
   * JSON, `FileReadError`.
   */
  readConfig(): Promise<Readonly<Record<string, unknown>> | undefined>
  /**
   * Reads the headers of all files and compares them with the index. Throws `FileNotFoundError` for a missing file,
   * `FormatError` for a malformed one and for a tensor that is not in the file which the index names.
   */
  check(): Promise<CheckpointCheck>
  /**
   * Compares the SHA-256 of each file with `sha256` of the options that it was opened with. What has been read from a
   * file's start on, in order, is hashed already; the rest is read now. Throws `HashError`, `ArgumentError` when a file
   * was given no hash, `FileReadError`, the reason of the signal.
   */
  verify(options?: HashOptions): Promise<void>
}

export interface CheckpointOptions extends SafetensorsOptions {
  /** SHA-256 of each file by name, 64 hexadecimal digits, for `verify`. */
  readonly sha256?: Readonly<Record<string, string>>
}

/** A model's configuration has a few kilobytes. */
const MAX_CONFIG_BYTES = 10_000_000

/** What all forms of a checkpoint share. */
interface Opening {
  readonly located: Located
  readonly options: CheckpointOptions
  /** The sources in use, by file name. */
  readonly sources: Map<string, ByteSource | HashingSource>
}

/**
 * Opens a checkpoint and finds out what it is, by its content: a safetensors file, a GGUF file or one of its parts, the index of
 * several safetensors files, or a folder of these. In a folder `model.safetensors` comes first, then its index, then the only
 * index, safetensors or GGUF file that it has. Of a checkpoint in several files, each file's header is read when a
 * tensor of it is first asked for.
 *
 * Throws `FileNotFoundError` when there is nothing; `FormatError` for a malformed header or index, also one that names a
 * file outside its folder, for several checkpoints in one folder, and for another format (it says which are supported);
 * `FileReadError`; `ArgumentError` for something that is no location.
 */
export async function openCheckpoint(
  location: CheckpointLocation,
  options: CheckpointOptions = {},
): Promise<Checkpoint> {
  const located = await locate(location, options)
  const { source, folder, file, otherwise } = located
  if (source !== undefined)
    return openFile({ located, options, sources: new Map() }, source, file ?? source.name)
  try {
    return await openFolder(folder!, { located, options, sources: new Map() })
  } catch (error) {
    if (otherwise === undefined || !isNoCheckpoint(error)) throw error
    // The folder's error says more, unless this one is a checkpoint.
    const opening = { located: {}, options, sources: new Map() }
    return openFile(opening, otherwise, otherwise.name).catch(() => Promise.reject(error))
  }
}

function isNoCheckpoint(error: unknown): boolean {
  return error instanceof FileNotFoundError || error instanceof FileReadError || error instanceof FormatError
}

async function openFolder(folder: Folder, opening: Opening): Promise<Checkpoint> {
  const { name, source } = await findInFolder(folder)
  return openFile(opening, source, name)
}

async function openFile(opening: Opening, source: ByteSource, name: string): Promise<Checkpoint> {
  const kind = await fileKind(source, name)
  if (kind === 'index') return openIndex(opening, source, name)
  const file = await openTensors(kind, use(opening, name, source), opening.options)
  if (file.format === 'gguf' && partCount(file) > 1) return openParts(opening, file, name)
  const fileOf = async (tensor: string) => {
    await file.info(tensor)
    return file
  }
  const check = async () => ({ files: 1, tensors: file.names.length, unlisted: [] })
  return { ...file, files: [name], fileOf, check, ...beside(opening, [name]) }
}

function openTensors(
  kind: 'safetensors' | 'gguf',
  source: ByteSource,
  options: SafetensorsOptions,
): Promise<SafetensorsFile | GgufFile> {
  return kind === 'gguf' ? openGguf(source, options) : openSafetensors(source, options)
}

async function openIndex(opening: Opening, source: ByteSource, name: string): Promise<Checkpoint> {
  const { folder } = opening.located
  if (folder === undefined) {
    const problem = 'is an index: give the folder or all the files, the tensors are in others'
    throw new FormatError({ file: source.name, problem })
  }
  const index = `${folder.name}/${name}`
  const fileNames = await readIndex(source, index)
  const files = [...new Set(fileNames.values())]
  const opened = new Map<string, Promise<SafetensorsFile>>()
  const open = (file: string): Promise<SafetensorsFile> => {
    let promise = opened.get(file)
    if (promise === undefined) {
      promise = folder
        .open(file)
        .then((source) => openSafetensors(use(opening, file, source), opening.options))
      opened.set(file, promise)
      // A fault of the network must not stay: the next call tries again.
      promise.catch(() => opened.delete(file))
    }
    return promise
  }
  const fileOf = async (tensor: string) => {
    const file = fileNames.get(tensor)
    if (file !== undefined) return open(file)
    const problem = `is not among the ${fileNames.size} tensors of the index`
    throw new FormatError({ file: index, tensor: printable(tensor), problem })
  }
  return {
    format: 'safetensors',
    name: folder.name,
    names: [...fileNames.keys()],
    files,
    has: (tensor) => fileNames.has(tensor),
    ...readersOf(fileOf),
    check: () => checkShards(fileNames, open),
    ...beside(opening, files),
  }
}

/** All parts at once: which tensors a part has, only the part says. */
async function openParts(opening: Opening, part: GgufFile, name: string): Promise<Checkpoint> {
  const { folder } = opening.located
  const files = partNames(name)
  if (folder === undefined || files?.length !== partCount(part)) {
    const problem =
      `is one of ${partCount(part)} parts: give the folder or all of the files, ` +
      'with the names that llama-gguf-split gave them (name-00001-of-00002.gguf)'
    throw new FormatError({ file: part.name, problem })
  }
  const opened = files.map(async (file) =>
    file === name ? part : openGguf(use(opening, file, await folder.open(file)), opening.options),
  )
  // Each has ended before an error of one is told.
  await Promise.allSettled(opened)
  const parts = joinParts(await Promise.all(opened))
  const fileOf = async (tensor: string) => {
    const file = parts.get(tensor)
    if (file !== undefined) return file
    const problem = `is not among the ${parts.size} tensors of ${files.length} parts`
    throw new FormatError({ file: folder.name, tensor: printable(tensor), problem })
  }
  return {
    format: 'gguf',
    name: folder.name,
    names: [...parts.keys()],
    files,
    has: (tensor) => parts.has(tensor),
    ...readersOf(fileOf),
    check: async () => ({ files: files.length, tensors: parts.size, unlisted: [] }),
    ...beside(opening, files),
  }
}

/** Reads a tensor where it is. */
function readersOf(
  fileOf: Checkpoint['fileOf'],
): Pick<Checkpoint, 'fileOf' | 'info' | 'read' | 'readInto' | 'readElements' | 'readFloat32'> {
  return {
    fileOf,
    info: async (tensor) => (await fileOf(tensor)).info(tensor),
    read: async (tensor) => (await fileOf(tensor)).read(tensor),
    readInto: async (tensor, offset, into) => (await fileOf(tensor)).readInto(tensor, offset, into),
    readElements: async (tensor) => (await fileOf(tensor)).readElements(tensor),
    readFloat32: async (tensor, options) => (await fileOf(tensor)).readFloat32(tensor, options),
  }
}

/** The source as it is read: hashed on the way if a hash was given. */
function use({ options, sources }: Opening, name: string, source: ByteSource): ByteSource {
  const used = options.sha256 === undefined ? source : hashingSource(source)
  sources.set(name, used)
  return used
}

/** What does not depend on how the tensors are stored. */
function beside(opening: Opening, files: readonly string[]): Pick<Checkpoint, 'readConfig' | 'verify'> {
  const { located, options, sources } = opening
  return {
    async readConfig() {
      try {
        const source = await located.folder?.open('config.json')
        return source && (await readJsonObject(source, MAX_CONFIG_BYTES))
      } catch (error) {
        if (error instanceof FileNotFoundError) return undefined
        throw error
      }
    },
    async verify(hashOptions) {
      const { sha256 = {} } = options
      const list = files.map(async (file) => {
        const expected = Object.hasOwn(sha256, file) ? sha256[file] : undefined
        if (expected === undefined) {
          const facts = { op: 'verify', argument: 'sha256', expected: `given for ${printable(file)}` }
          throw new ArgumentError({ ...facts, got: 'nothing; give it to openCheckpoint' })
        }
        const source = sources.get(file) ?? use(opening, file, await located.folder!.open(file))
        return { source, expected }
      })
      await verifySources(await Promise.all(list), hashOptions)
    },
  }
}
