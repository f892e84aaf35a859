/** Moving tensors between host and backend memory. */
import type { Memory } from './backend.ts'
import type { DType } from './dtype.ts'
import { ArgumentError, DTypeError } from './errors.ts'
import { fp8DType } from './floats.ts'
import {
  type HostTensor,
  type HostWeight,
  type IntegerCodes,
  isBlockScaledArray,
  isIntegerCodes,
} from './host.ts'
import type { Tensor, Weight } from './tensor.ts'
import { byteLength, shapeText, tensor, validatePlacement } from './views.ts'

/** Host data for a tensor: f32, i32, i8, 16-bit codes, 8-bit codes; a `Uint8Array` also fits any dtype as raw bytes. */
export type TensorData = Float32Array | Int32Array | Int8Array | Uint16Array | Uint8Array

/** A new zero tensor in a buffer of its own. Throws `ShapeError`, `OutOfMemoryError`. */
export function allocTensor(backend: Memory, dtype: DType, shape: readonly number[], label: string): Tensor {
  const bytes = byteLength({ dtype, shape })
  // Sizes are checked before the allocation: a zero or negative one must not reach the backend.
  validatePlacement('allocTensor', label, { buffer: { bytes, label }, dtype, shape, offset: 0 })
  return tensor(backend.alloc(bytes, label), dtype, shape)
}

/** Overwrites a whole tensor. Throws `DTypeError` or `ArgumentError` when `data` does not fit it exactly. */
export function writeTensor(backend: Memory, target: Tensor, data: TensorData): void {
  checkData('writeTensor', target.buffer.label, target, data)
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  backend.write(target.buffer, bytes, target.offset)
}

/**
 * A new tensor in a buffer of its own, with the host tensor's bytes.
 * Throws `ArgumentError` when bytes and shape disagree (before anything is allocated), `OutOfMemoryError`.
 */
export function uploadTensor(
  backend: Memory,
  host: Pick<HostTensor, 'dtype' | 'shape'> & { readonly data: TensorData },
  label: string,
): Tensor {
  checkData('uploadTensor', label, host, host.data)
  const target = allocTensor(backend, host.dtype, host.shape, label)
  writeTensor(backend, target, host.data)
  return target
}

/**
 * A weight in backend memory: one buffer when dense, else one for the codes, one for the scales, and one for minimums.
 * Backends know E4M3 and E5M2 codes in blocks of fixed size, and i8 codes in blocks of 16 or 32 of a row. Throws as above,
 * `DTypeError` for other formats, and `ArgumentError` for a recipe with blocks that are a whole row or matrix or with a
 * global scale.
 */
export function uploadWeight(backend: Memory, host: HostWeight | IntegerCodes, label: string): Weight {
  if (isIntegerCodes(host)) return uploadIntegers(backend, host, label)
  if (!isBlockScaledArray(host)) return uploadTensor(backend, host, label)
  const { codes, scales, shape, recipe, globalScale } = host
  const { block } = recipe
  const dtype = fp8DType(recipe.format)
  if (!block.every(Number.isFinite) || globalScale !== undefined) {
    const expected =
      'a recipe with finite blocks and without a global scale, such as recipes.deepseekWeightUe8m0 (else dequantizeWeight first)'
    throw new ArgumentError({
      op: 'uploadWeight',
      argument: `recipe of ${label}`,
      expected,
      got: `'${recipe.name}'`,
    })
  }
  const scaleShape = [Math.ceil(shape[0] / block[0]), Math.ceil(shape[1] / block[1])]
  checkData('uploadWeight', `${label} scales`, { dtype: 'f32', shape: scaleShape }, scales)
  const uploaded = uploadTensor(backend, { dtype, shape, data: codes }, label)
  const scaleTensor = allocTensor(backend, 'f32', scaleShape, `${label} scales`)
  writeTensor(backend, scaleTensor, scales)
  return { codes: uploaded, scales: scaleTensor, block }
}

function uploadIntegers(backend: Memory, host: IntegerCodes, label: string): Weight {
  const { codes, scales, minimums, shape, block } = host
  const scaleShape = [shape[0], Math.ceil(shape[1] / block[1])]
  const scaleTensor = { dtype: 'f32', shape: scaleShape } as const
  checkData('uploadWeight', label, { dtype: 'i8', shape }, codes)
  checkData('uploadWeight', `${label} scales`, scaleTensor, scales)
  if (minimums !== undefined) checkData('uploadWeight', `${label} minimums`, scaleTensor, minimums)
  const upload = (part: string, data: Float32Array) =>
    uploadTensor(backend, { ...scaleTensor, data }, `${label} ${part}`)
  return {
    codes: uploadTensor(backend, { dtype: 'i8', shape, data: codes }, label),
    scales: upload('scales', scales),
    ...(minimums === undefined ? {} : { minimums: upload('minimums', minimums) }),
    block,
  }
}

function checkData(op: string, label: string, t: Pick<Tensor, 'dtype' | 'shape'>, data: TensorData): void {
  const { dtype, shape } = t
  const fits =
    data instanceof Uint8Array ||
    (data instanceof Float32Array && dtype === 'f32') ||
    (data instanceof Int32Array && dtype === 'i32') ||
    (data instanceof Int8Array && dtype === 'i8') ||
    (data instanceof Uint16Array && (dtype === 'bf16' || dtype === 'f16'))
  if (!fits) {
    const expected = `the dtype of ${data.constructor.name}`
    throw new DTypeError({ op, tensor: label, expected, got: dtype })
  }
  const bytes = byteLength(t)
  if (data.byteLength === bytes) return
  const expected = `${bytes} bytes (${dtype} ${shapeText(shape)})`
  throw new ArgumentError({ op, argument: `data for ${label}`, expected, got: `${data.byteLength}` })
}

/** The values of an f32 tensor, after all earlier operations. Throws `DTypeError` for another dtype. */
export async function readFloat32(backend: Memory, source: Tensor): Promise<Float32Array> {
  return new Float32Array(await readBytes(backend, source, 'f32'))
}

/** The values of an i32 tensor, after all earlier operations. Throws `DTypeError` for another dtype. */
export async function readInt32(backend: Memory, source: Tensor): Promise<Int32Array> {
  return new Int32Array(await readBytes(backend, source, 'i32'))
}

async function readBytes(backend: Memory, source: Tensor, dtype: DType): Promise<ArrayBuffer> {
  if (source.dtype !== dtype) {
    throw new DTypeError({ op: 'read', tensor: source.buffer.label, expected: dtype, got: source.dtype })
  }
  const bytes = await backend.read(source.buffer, source.offset, byteLength(source))
  // A backend may answer with a view at an unaligned offset of a larger ArrayBuffer, or of shared memory.
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole && bytes.buffer instanceof ArrayBuffer ? bytes.buffer : new Uint8Array(bytes).buffer
}
