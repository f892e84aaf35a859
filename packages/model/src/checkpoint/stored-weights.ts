/**
 * Checkpoint tensors → backend weights: the one place that knows how published files store them.
 *
 * - FP8 codes come with `<name>_scale_inv`, which in spite of its name is the multiplier.
 * - Scales are F32 (V3, V3.1), or F8_E8M0 or BF16 in files of other makers: all become f32, which is exact. V3.1
 *   says ue8m0, yet its `o_proj` scales are no powers of two, so scales are never packed.
 * - `e_score_correction_bias` is F32 in DeepSeek's files and BF16 in some others.
 * - Quantised types of GGUF files (Q4_1, Q6_K, ...) become i8 codes with scales, which is exact; `integerCodes` counts them.
 *   Those that are no matrices become f32, which `dequantized` counts.
 *
 * Everything is checked against the headers here; bytes are read later (`upload.ts`).
 */
import {
  type BlockScaled,
  type BufferHandle,
  byteLength,
  type DType,
  type IntegerLayout,
  integerLayout,
  numel,
  type Tensor,
  tensor,
  type Weight,
} from '@octoscale/tensor'
import type { WeightSource } from '../architectures/architecture.ts'
import type { QuantizationConfig } from '../config/quantization.ts'
import { CheckpointError } from '../errors.ts'
import type { Inventory, ListedTensor } from './inventory.ts'

/** One transfer into backend memory. */
export type UploadJob =
  /** The stored bytes as they are. */
  | { readonly kind: 'bytes'; readonly stored: ListedTensor; readonly target: Tensor }
  /** The stored values widened to f32; scales must be finite. */
  | {
      readonly kind: 'float32'
      readonly stored: ListedTensor
      readonly target: Tensor
      readonly scales: boolean
    }
  /** The stored blocks as i8 codes with scales and minimums. */
  | { readonly kind: 'codes'; readonly stored: ListedTensor; readonly target: BlockScaled }
  /** Values that no file holds. */
  | { readonly kind: 'computed'; readonly values: () => Float32Array; readonly target: Tensor }
  /** Values computed from the stored ones. */
  | {
      readonly kind: 'derived'
      readonly stored: ListedTensor
      readonly values: (stored: Float32Array) => Float32Array
      readonly target: Tensor
    }

/** What a run over an architecture's tensors gave. */
interface WeightList {
  readonly source: WeightSource
  readonly jobs: readonly UploadJob[]
  /** Names of the tensors asked for, scales included. */
  readonly used: ReadonlySet<string>
  /** Elements of the tensors asked for, scales not counted. */
  readonly parameters: () => number
  /** Matrices of a quantised GGUF type, held as i8 codes. */
  readonly integerCodes: () => Converted
  /** Other tensors of such a type, held as f32. */
  readonly dequantized: () => Converted
}

/** Tensors that are held otherwise than stored: how many, their bytes in the file and in backend memory. */
export interface Converted {
  readonly tensors: number
  readonly storedBytes: number
  readonly bytes: number
}

const denseDTypes: Readonly<Record<string, DType>> = { F32: 'f32', BF16: 'bf16', F16: 'f16' }
const scaleDTypes = ['F32', 'BF16', 'F8_E8M0']
/** Distance of matrices in one buffer is a multiple of this: what WebGPU wants for the offset of a binding. */
const alignment = 256

/** A source over `inventory` that takes memory from `alloc` and notes what has to be uploaded. */
export function listWeights(
  inventory: Inventory,
  quantization: QuantizationConfig | undefined,
  alloc: (bytes: number, label: string) => BufferHandle,
): WeightList {
  const jobs: UploadJob[] = []
  const used = new Set<string>()
  let parameters = 0
  const integerCodes = noneConverted()
  const dequantized = noneConverted()
  const { quantized } = inventory
  const readable = [...Object.keys(denseDTypes), ...quantized]

  const find = (name: string, shape: readonly number[], dtypes: readonly string[]): ListedTensor => {
    const stored = inventory.find(name, shape, dtypes)
    used.add(name)
    return stored
  }

  /** One tensor per name, all of `shape`, at equal distances in one buffer. */
  const place = (
    names: readonly string[],
    dtype: DType,
    shape: readonly number[],
    label: string,
  ): Tensor[] => {
    const bytes = byteLength({ dtype, shape })
    const stride = Math.ceil(bytes / alignment) * alignment
    const buffer = alloc(stride * (names.length - 1) + bytes, label)
    return names.map((_, i) => tensor(buffer, dtype, shape, i * stride))
  }

  const placeScales = (names: readonly string[], shape: readonly number[], label: string): Tensor[] => {
    const scales = place(names, 'f32', shape, `${label} scales`)
    names.forEach((name, i) => {
      const stored = find(`${name}_scale_inv`, shape, scaleDTypes)
      jobs.push({ kind: 'float32', stored, target: scales[i] as Tensor, scales: true })
    })
    return scales
  }

  /** As f32 from a quantised type. */
  const widen = (names: readonly string[], shape: readonly number[], label: string): Tensor[] => {
    const targets = place(names, 'f32', shape, label)
    names.forEach((name, i) => {
      const stored = find(name, shape, quantized)
      jobs.push({ kind: 'float32', stored, target: targets[i] as Tensor, scales: false })
      count(dequantized, stored, numel(shape) * 4)
    })
    parameters += names.length * numel(shape)
    return targets
  }

  /** As i8 codes, with scales and minimums for blocks of a row. All of the type of the first. */
  const integers = (
    names: readonly string[],
    dtype: string,
    shape: readonly [outputs: number, inputs: number],
    label: string,
  ): BlockScaled[] => {
    const { block, minimums: hasMinimums } = integerLayout(dtype) as IntegerLayout
    const codes = place(names, 'i8', shape, label)
    const scaleShape = [shape[0], shape[1] / block[1]]
    const scales = place(names, 'f32', scaleShape, `${label} scales`)
    const minimums = hasMinimums ? place(names, 'f32', scaleShape, `${label} minimums`) : []
    parameters += names.length * numel(shape)
    return names.map((name, i) => {
      const target = { codes: codes[i] as Tensor, scales: scales[i] as Tensor, minimums: minimums[i], block }
      const stored = find(name, shape, [dtype])
      jobs.push({ kind: 'codes', stored, target })
      count(integerCodes, stored, numel(shape) + numel(scaleShape) * (hasMinimums ? 8 : 4))
      return target
    })
  }

  const matrices = (names: readonly string[], outputs: number, inputs: number): Weight[] => {
    const shape = [outputs, inputs] as const
    const first = find(names[0] as string, shape, [...readable, 'F8_E4M3'])
    const label = names.length === 1 ? first.name : `${first.name} and ${names.length - 1} more`
    if (first.dtype === 'F8_E4M3' && quantization === undefined) {
      const expected = 'F32, BF16 or F16 (config.json has no quantization_config)'
      throw new CheckpointError({
        problem: 'dtype',
        file: first.file,
        tensor: first.name,
        expected,
        got: first.dtype,
      })
    }
    if (quantized.includes(first.dtype)) return integers(names, first.dtype, shape, label)
    const codes = place(names, denseDTypes[first.dtype] ?? 'f8_e4m3', shape, label)
    names.forEach((name, i) => {
      const stored = find(name, shape, [first.dtype])
      jobs.push({ kind: 'bytes', stored, target: codes[i] as Tensor })
    })
    parameters += names.length * numel(shape)
    if (first.dtype !== 'F8_E4M3' || quantization === undefined) return codes
    const { block } = quantization
    const scales = placeScales(names, [Math.ceil(outputs / block[0]), Math.ceil(inputs / block[1])], label)
    return codes.map((each, i): BlockScaled => ({ codes: each, scales: scales[i] as Tensor, block }))
  }

  const source: WeightSource = {
    matrix: (name, outputs, inputs) => matrices([name], outputs, inputs)[0] as Weight,
    matrices,
    dense(name, shape) {
      const stored = find(name, shape, readable)
      if (quantized.includes(stored.dtype)) return widen([name], shape, name)[0] as Tensor
      const [target] = place([name], denseDTypes[stored.dtype] as DType, shape, name) as [Tensor]
      jobs.push({ kind: 'bytes', stored, target })
      parameters += numel(shape)
      return target
    },
    float32(name, shape) {
      const stored = find(name, shape, Object.keys(denseDTypes))
      const [target] = place([name], 'f32', shape, name) as [Tensor]
      jobs.push({ kind: 'float32', stored, target, scales: false })
      parameters += numel(shape)
      return target
    },
    computed(label, shape, values) {
      const [target] = place([label], 'f32', shape, label) as [Tensor]
      jobs.push({ kind: 'computed', values, target })
      return target
    },
    computedFrom(name, storedShape, label, shape, values) {
      const stored = find(name, storedShape, Object.keys(denseDTypes))
      const [target] = place([label], 'f32', shape, label) as [Tensor]
      jobs.push({ kind: 'derived', stored, values, target })
      return target
    },
  }
  return {
    source,
    jobs,
    used,
    parameters: () => parameters,
    integerCodes: () => integerCodes,
    dequantized: () => dequantized,
  }
}

type Counts = { -readonly [Key in keyof Converted]: Converted[Key] }

function noneConverted(): Counts {
  return { tensors: 0, storedBytes: 0, bytes: 0 }
}

function count(counts: Counts, stored: ListedTensor, bytes: number): void {
  counts.tensors++
  counts.storedBytes += stored.bytes
  counts.bytes += bytes
}
