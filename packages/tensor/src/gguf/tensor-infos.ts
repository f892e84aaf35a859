/** The tensor infos of a GGUF header, and where the tensors lie: validated against the file's size. */
import type { StoredTensor } from '../files/header.ts'
import { printable } from '../files/json-keys.ts'
import { shapeText } from '../views.ts'
import { type GgmlType, ggmlType } from './ggml-types.ts'
import type { HeaderBytes } from './header-bytes.ts'

/** A tensor as a GGUF file describes it. */
export interface GgufTensor extends StoredTensor {
  /** ggml's name of the type, such as `Q4_K`; `type 99` for a number that this version does not know. */
  readonly dtype: string
  /** Row-major, columns last, as everywhere in this package: ggml's `ne` reversed. A matrix is `[rows, columns]`. */
  readonly shape: readonly number[]
  /** Of an unknown type: up to the next tensor or the end of the file, so padding is included. */
  readonly bytes: number
}

/** What an info says: `offset` counts from the data, and the size of an unknown type is not known. */
export type TensorInfo = Omit<GgufTensor, 'bytes'> & { readonly bytes: number | undefined }

/** ggml's `GGML_MAX_DIMS`. */
const MAX_DIMENSIONS = 4

/** `name string | dimensions u32 | ne u64[dimensions] | type u32 | offset u64`, `count` times; offsets from the data. */
export function readTensorInfos(header: HeaderBytes, count: number): Map<string, TensorInfo> {
  const infos = new Map<string, TensorInfo>()
  for (let i = 0; i < count; i++) {
    const name = header.string(`the name of tensor ${i}`)
    if (infos.has(name)) throw header.refuse('is there twice', printable(name))
    infos.set(name, readInfo(header, name))
  }
  return infos
}

function readInfo(header: HeaderBytes, name: string): TensorInfo {
  const tensor = printable(name)
  const dimensions = header.u32(`the number of dimensions of tensor ${tensor}`)
  if (dimensions > MAX_DIMENSIONS) {
    throw header.refuse(`has ${dimensions} dimensions, the format allows ${MAX_DIMENSIONS}`, tensor)
  }
  const sizes = Array.from({ length: dimensions }, () => header.u64(`the shape of tensor ${tensor}`))
  const number = header.u32(`the type of tensor ${tensor}`)
  const offset = header.u64(`the offset of tensor ${tensor}`)
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) throw header.refuse(`begins at ${offset} of the data`, tensor)
  const shape = sizes.reverse().map(Number)
  const elements = sizes.reduce((product, size) => product * size, 1n)
  if (!shape.every(Number.isSafeInteger) || elements > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw header.refuse(`has the shape [${sizes}]: more than 2^53 elements`, tensor)
  }
  const type = ggmlType(number)
  const dtype = type?.name ?? `type ${number}`
  return { name, dtype, shape, offset: Number(offset), bytes: bytesOf(header, tensor, type, shape) }
}

function bytesOf(
  header: HeaderBytes,
  tensor: string,
  type: GgmlType | undefined,
  shape: readonly number[],
): number | undefined {
  if (type === undefined) return undefined
  const { name, blockSize, blockBytes } = type
  const columns = shape.at(-1) ?? 1
  if (columns % blockSize !== 0) {
    const problem = `${name} ${shapeText(shape)}: rows of ${columns} are not whole blocks of ${blockSize}`
    throw header.refuse(problem, tensor)
  }
  const bytes = (shape.reduce((product, size) => product * size, 1) / blockSize) * blockBytes
  if (Number.isSafeInteger(bytes)) return bytes
  throw header.refuse(`${name} ${shapeText(shape)} takes more than 2^53 bytes`, tensor)
}

/**
 * Tensors with their places in the file, in the order of the infos. Each must begin at a multiple of `alignment` in the
 * data, end inside the file, and not overlap another. Gaps are allowed: padding is one.
 */
export function placeTensors(
  header: HeaderBytes,
  infos: ReadonlyMap<string, TensorInfo>,
  alignment: number,
  dataStart: number,
  fileEnd: number,
): Map<string, GgufTensor> {
  for (const { name, offset } of infos.values()) {
    if (offset % alignment === 0) continue
    throw header.refuse(`begins at ${offset} of the data, no multiple of ${alignment}`, printable(name))
  }
  const ordered = [...infos.values()].sort((a, b) => a.offset - b.offset || (a.bytes ?? 0) - (b.bytes ?? 0))
  const sizes = new Map<string, number>()
  let end = dataStart
  for (const [i, { name, offset, bytes }] of ordered.entries()) {
    const begin = dataStart + offset
    // An empty tensor has no place that could be taken.
    if (begin < end && bytes !== 0) {
      const problem = `overlaps the tensor before it: it begins at byte ${begin}, that one ends at ${end}`
      throw header.refuse(problem, printable(name))
    }
    const next = ordered[i + 1]
    const limit = next === undefined ? fileEnd : Math.min(dataStart + next.offset, fileEnd)
    const size = bytes ?? Math.max(0, limit - begin)
    end = Math.max(end, begin + size)
    if (begin + size > fileEnd) {
      const problem = `lies at bytes ${begin} .. ${begin + size}, the file ends at ${fileEnd}: truncated?`
      throw header.refuse(problem, printable(name))
    }
    sizes.set(name, size)
  }
  const placed = new Map<string, GgufTensor>()
  for (const [name, info] of infos) {
    placed.set(name, { ...info, offset: dataStart + info.offset, bytes: sizes.get(name) ?? 0 })
  }
  return placed
}
