/** From a case to tensors in a backend's memory: seeded inputs, and guard bytes around every tensor. */
import { encodeArray, f32ToBf16Array, f32ToF16Array, quantize, recipes } from '@octoscale/fp8-core'
import type { Backend } from '../backend.ts'
import { bytesPerElement, type DType } from '../dtype.ts'
import { formatOfDType } from '../floats.ts'
import type { BufferHandle, CacheTensor, Tensor, Weight } from '../tensor.ts'
import { numel, tensor } from '../views.ts'
import type { CacheKind, WeightKind } from './case-types.ts'
import { createRandom, type Random } from './random.ts'

const GUARD = 0xa5

/** Makes and tracks the tensors of one case on one backend. */
export class CaseInputs {
  readonly backend: Backend
  readonly random: Random
  readonly #offset: number
  readonly #placed: { buffer: BufferHandle; end: number }[] = []

  constructor(backend: Backend, { seed, offset = 0 }: { seed: number; offset?: number }) {
    this.backend = backend
    this.random = createRandom(seed)
    this.#offset = offset
  }

  /** A tensor with these bytes, guard bytes before (if the case has an offset) and after it. */
  place(label: string, dtype: DType, shape: readonly number[], data: ArrayBufferView): Tensor {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    const end = this.#offset + bytes.byteLength
    const whole = new Uint8Array(end + 16).fill(GUARD)
    whole.set(bytes, this.#offset)
    const buffer = this.backend.alloc(whole.byteLength, label)
    this.backend.write(buffer, whole)
    this.#placed.push({ buffer, end })
    return tensor(buffer, dtype, shape, this.#offset)
  }

  f32(label: string, shape: readonly number[], values: Float32Array): Tensor {
    return this.place(label, 'f32', shape, values)
  }

  normal(label: string, shape: readonly number[], deviation = 1): Tensor {
    return this.f32(label, shape, this.random.normals(numel(shape), deviation))
  }

  i32(label: string, shape: readonly number[], values: readonly number[]): Tensor {
    return this.place(label, 'i32', shape, Int32Array.from(values))
  }

  /** An output: filled with a NaN pattern, so that an element that is not written shows. */
  out(label: string, shape: readonly number[], dtype: 'f32' | 'i32' = 'f32'): Tensor {
    return this.place(label, dtype, shape, new Uint8Array(numel(shape) * bytesPerElement(dtype)).fill(0xff))
  }

  /** Normal values around `mean`, rounded to the dtype. */
  floats(
    label: string,
    dtype: 'f32' | 'bf16' | 'f16',
    shape: readonly number[],
    deviation = 1,
    mean = 0,
  ): Tensor {
    const values = this.random.normals(numel(shape), deviation).map((value) => value + mean)
    if (dtype === 'f32') return this.f32(label, shape, values)
    return this.place(label, dtype, shape, dtype === 'bf16' ? f32ToBf16Array(values) : f32ToF16Array(values))
  }

  /**
   * A weight whose values have a deviation of about `1 / sqrt(inputs)`, as trained weights do. FP8: normal codes
   * of all magnitudes from the subnormals to the largest; `everyCode` instead repeats all finite codes in order.
   */
  weight(label: string, kind: WeightKind, shape: readonly [number, number], everyCode = false): Weight {
    const [rows, columns] = shape
    const deviation = 1 / Math.sqrt(columns)
    if (typeof kind === 'string') return this.floats(label, kind, shape, deviation)
    if (kind.format === 'i8') return this.#integers(label, kind, shape, deviation)
    const format = formatOfDType[kind.format]
    // Deviation 64 reaches the largest magnitude of E4M3, 448, at 7 sigma. Encoding a pool saves time.
    const pool = encodeArray(this.random.normals(4096, 64), format)
    const codes = everyCode
      ? finiteCodes(rows * columns, kind.format)
      : Uint8Array.from({ length: rows * columns }, () => pool[this.random.below(4096)]!)
    const scaleShape = [Math.ceil(rows / kind.block[0]), Math.ceil(columns / kind.block[1])]
    const exponent = Math.round(Math.log2(deviation / 64))
    const scales = Float32Array.from({ length: numel(scaleShape) }, () =>
      kind.scales === 'ue8m0'
        ? 2 ** (exponent - 1 + this.random.below(3))
        : (deviation / 64) * (0.5 + this.random.uniform()),
    )
    return {
      codes: this.place(`${label} codes`, kind.format, shape, codes),
      scales: this.f32(`${label} scales`, scaleShape, scales),
      block: kind.block,
    }
  }

  /**
   * i8 codes of the whole range. Scales of both signs with 16 significant bits, so that their products with codes are f32:
   * then it does not matter whether a backend multiplies and adds in one step. Minimums of the size of the weights.
   */
  #integers(
    label: string,
    { block, minimums }: Extract<WeightKind, { format: 'i8' }>,
    [rows, columns]: readonly [number, number],
    deviation: number,
  ): Weight {
    const codes = Int8Array.from({ length: rows * columns }, () => this.random.below(256) - 128)
    const scaleShape = [rows, Math.ceil(columns / block[1])]
    const scales = this.random.normals(numel(scaleShape), deviation / 74)
    new Int32Array(scales.buffer).forEach((bits, i, all) => {
      all[i] = bits & ~0xff
    })
    return {
      codes: this.place(`${label} codes`, 'i8', [rows, columns], codes),
      scales: this.f32(`${label} scales`, scaleShape, scales),
      block,
      ...(minimums ? { minimums: this.normal(`${label} minimums`, scaleShape, deviation) } : {}),
    }
  }

  /** A cache with normal values, rounded to what it stores, so that every backend is given the same bytes. */
  cache(label: string, kind: CacheKind, shape: readonly [number, ...number[]]): CacheTensor {
    if (typeof kind === 'string') return this.floats(label, kind, shape)
    const [capacity, ...row] = shape
    const recipe = { ...recipes.deepseekActivationUe8m0, block: [1, kind.group] as const }
    const rounded = quantize(this.random.normals(numel(shape)), [capacity, numel(row)], recipe)
    const scaleShape = [capacity, Math.ceil(numel(row) / kind.group)]
    return {
      codes: this.place(`${label} codes`, 'f8_e4m3', shape, rounded.codes),
      scales: this.f32(`${label} scales`, scaleShape, rounded.scales),
      block: recipe.block,
    }
  }

  /** The labels of buffers whose guard bytes have changed. */
  async damaged(): Promise<string[]> {
    const labels: string[] = []
    for (const { buffer, end } of this.#placed) {
      const before = await this.backend.read(buffer, 0, this.#offset)
      const after = await this.backend.read(buffer, end)
      if (![...before, ...after].every((byte) => byte === GUARD)) labels.push(buffer.label)
    }
    return labels
  }

  free(): void {
    for (const { buffer } of this.#placed) this.backend.free(buffer)
    this.#placed.length = 0
  }
}

/** The finite codes in order, repeated: 254 of E4M3 (not 0x7f, 0xff), 248 of E5M2 (exponent below 31). */
function finiteCodes(count: number, format: 'f8_e4m3' | 'f8_e5m2'): Uint8Array {
  const limit = format === 'f8_e4m3' ? 0x7f : 0x7c
  const codes = Array.from({ length: 256 }, (_, code) => code).filter((code) => (code & 0x7f) < limit)
  return Uint8Array.from({ length: count }, (_, i) => codes[i % codes.length]!)
}
