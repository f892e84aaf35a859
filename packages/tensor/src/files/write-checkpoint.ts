/** Writing a checkpoint of any size: several files and their index, all of it or nothing. */
import { ArgumentError } from '../errors.ts'
import { type DirectoryHandle, isDirectoryHandle } from './directory-handle.ts'
import { pathOf } from './disk.ts'
import { FileWriteError } from './errors.ts'
import { placeOf } from './open-source.ts'
import { diskTarget } from './write-disk.ts'
import { handleTarget } from './write-handle.ts'
import { indexText, type Shard, splitShards } from './write-index.ts'
import { checkUnique, layoutOf, tensorBytes } from './write-layout.ts'
import { type TensorToStream, type WriteOptions, type WrittenFile, writeLayout } from './write-stream.ts'
import type { PendingFile, WritableFolder } from './write-target.ts'

export interface WriteCheckpointOptions extends WriteOptions {
  /** Most bytes of tensors in one file; a larger tensor has its own. Default 5,000,000,000, as Python's libraries. */
  readonly maxShardBytes?: number
  /** Of the files: `<name>.safetensors`. Default `model`. */
  readonly name?: string
  /** Replace a checkpoint of that name that is there already. Default false: it is a `FileWriteError`. */
  readonly overwrite?: boolean
  /** Count for the index, which is then written as by transformers; without it, as by huggingface_hub. */
  readonly totalParameters?: number
}

export interface WrittenCheckpoint {
  /** The files of tensors, in order. */
  readonly files: readonly (WrittenFile & { readonly file: string })[]
  /** Name of the index, if there are several files. */
  readonly index: string | undefined
}

type Sized = TensorToStream & { readonly bytes: number }

/**
 * Writes tensors to a folder (path in Node, directory handle in a page), in files of at most `maxShardBytes` with an index,
 * as `save_torch_state_dict` of huggingface_hub divides and names them. `metadata` goes into the one file, or the index;
 * each file also says `format: pt`, which transformers asks for.
 *
 * No file has its name before all are written: what `read` reads may be the checkpoint that is replaced, and after an
 * error the folder is as it was. Throws as `writeSafetensorsTo`.
 */
export async function writeCheckpoint(
  folder: string | URL | DirectoryHandle | WritableFolder,
  tensors: Iterable<TensorToStream>,
  options: WriteCheckpointOptions = {},
): Promise<WrittenCheckpoint> {
  const { name, maxShardBytes } = checkOptions(options)
  const target = targetOf(folder)
  const before = await oldFiles(target, name, options.overwrite ?? false)
  const sized = [...tensors].map((tensor) => ({
    ...pick(tensor),
    bytes: tensorBytes('writeCheckpoint', tensor.name, tensor),
  }))
  checkUnique(
    'writeCheckpoint',
    sized.map(({ name: each }) => each),
  )
  const shards = splitShards(sized, maxShardBytes, name)
  const text = shards.length === 1 ? undefined : indexOf(shards, options)
  const pending: PendingFile[] = []
  try {
    const files = await writeShards(target, shards, options, pending)
    const indexFile = text === undefined ? undefined : await beginIndex(target, name, text, pending)
    options.signal?.throwIfAborted()
    await replace(
      target,
      before,
      shards.map(({ file }) => file),
      pending,
    )
    return { files, index: indexFile }
  } catch (error) {
    for (const file of pending) await file.discard()
    throw error
  }
}

/** Not a spread of the tensor: `read` may be a method. */
function pick(tensor: TensorToStream): TensorToStream {
  const { name, dtype, shape } = tensor
  return { name, dtype, shape, read: () => tensor.read() }
}

function indexOf(
  shards: readonly Shard<Sized>[],
  { metadata, totalParameters }: WriteCheckpointOptions,
): string {
  const totalSize = shards.flatMap((shard) => shard.tensors).reduce((sum, { bytes }) => sum + bytes, 0)
  return indexText(shards, { totalSize, metadata: metadata ?? {}, totalParameters })
}

async function writeShards(
  target: WritableFolder,
  shards: readonly Shard<Sized>[],
  { metadata, signal, onProgress }: WriteCheckpointOptions,
  pending: PendingFile[],
): Promise<WrittenCheckpoint['files']> {
  const inFile = { format: metadata?.format ?? 'pt', ...(shards.length === 1 ? metadata : {}) }
  // All headers first: what is wrong with a tensor shows before anything is written.
  const layouts = shards.map(({ file, tensors }) => {
    const named = tensors.map((tensor) => [tensor.name, tensor] as const)
    return { file, layout: layoutOf('writeCheckpoint', named, inFile) }
  })
  const total = layouts.reduce((sum, { layout }) => sum + layout.fileBytes, 0)
  const files: (WrittenFile & { file: string })[] = []
  let before = 0
  for (const { file, layout } of layouts) {
    const output = await target.create(file)
    pending.push(output)
    const start = before
    const report =
      onProgress && (({ bytes }: { bytes: number }) => onProgress({ bytes: start + bytes, total }))
    const written = await writeLayout(layout, (bytes) => output.write(bytes), { signal, onProgress: report })
    await output.finish()
    files.push({ file, ...written })
    before += layout.fileBytes
  }
  return files
}

async function beginIndex(
  target: WritableFolder,
  name: string,
  text: string,
  pending: PendingFile[],
): Promise<string> {
  const file = `${name}.safetensors.index.json`
  const output = await target.create(file)
  pending.push(output)
  await output.write(new TextEncoder().encode(text))
  await output.finish()
  return file
}

/**
 * The old index goes first and the new one, last in `pending`, comes last: should the machine stop in between, there is
 * no index that names files of both.
 */
async function replace(
  target: WritableFolder,
  before: readonly string[],
  files: readonly string[],
  pending: PendingFile[],
): Promise<void> {
  const indexes = before.filter((file) => file.endsWith('.json'))
  for (const file of indexes) await target.remove(file)
  const index = pending.length > files.length ? pending.at(-1) : undefined
  for (const file of pending.slice(0, files.length)) await file.commit()
  const gone = before.filter((file) => !file.endsWith('.json') && !files.includes(file))
  for (const file of gone) await target.remove(file)
  await index?.commit()
}

/** The files of a checkpoint of this name. Throws `FileWriteError` if there are any and they are to stay. */
async function oldFiles(target: WritableFolder, name: string, overwrite: boolean): Promise<string[]> {
  const rest = /^(?:-\d{5}-of-\d{5})?\.safetensors(?:\.index\.json)?$/
  const old = (await target.list()).filter(
    (file) => file.startsWith(name) && rest.test(file.slice(name.length)),
  )
  if (old.length === 0 || overwrite) return old
  const problem = `has a checkpoint already (${old.sort()[0]}); give another folder, or overwrite: true`
  throw new FileWriteError({ path: target.name, problem })
}

function checkOptions({ maxShardBytes = 5e9, name = 'model' }: WriteCheckpointOptions): {
  maxShardBytes: number
  name: string
} {
  const op = 'writeCheckpoint'
  if (!(maxShardBytes > 0)) {
    const got = `${maxShardBytes}`
    throw new ArgumentError({ op, argument: 'maxShardBytes', expected: 'a number of bytes above 0', got })
  }
  if (!/^[^/\\:%.\p{Cc}][^/\\:%\p{Cc}]{0,199}$/u.test(name)) {
    throw new ArgumentError({
      op,
      argument: 'name',
      expected: 'the name of a file',
      got: JSON.stringify(name),
    })
  }
  return { maxShardBytes, name }
}

function targetOf(folder: string | URL | DirectoryHandle | WritableFolder): WritableFolder {
  if (typeof folder === 'string' || folder instanceof URL) {
    const place = placeOf('writeCheckpoint', folder)
    if ('path' in place) return diskTarget(pathOf(place.path))
    throw new FileWriteError({
      path: 'a URL',
      problem: 'cannot be written to; give a path or a directory handle',
    })
  }
  return isDirectoryHandle(folder) ? handleTarget(folder) : folder
}
