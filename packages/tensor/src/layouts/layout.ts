/** What a quantised layout is: how tensors of a checkpoint together are one weight. */

import type { TensorReader } from '../files/tensor-reader.ts'
import type { HostWeight } from '../host.ts'
import type { ConfigFields } from './config-fields.ts'

/** Names of the layouts. `dense`: no tensor is quantised. */
export type LayoutName =
  | 'dense'
  | 'deepseek'
  | 'deepseek-v4'
  | 'compressed-tensors'
  | 'modelopt'
  | 'gpt-oss'
  | 'mx'

/** The tensors of one quantised weight, by name. */
export interface Parts {
  /** Name of the weight: that of its codes, unless the layout gives these another. */
  readonly name: string
  readonly codes: string
  readonly scales: string
  readonly globalScale?: string
}

/** A checkpoint that is read in a layout. */
export interface Opening {
  readonly reader: TensorReader
  /** The `quantization_config`; without one the tensors alone decide. */
  readonly config: ConfigFields | undefined
  readonly parts: readonly Parts[]
}

export interface OpenLayout {
  /** The quantised weights. All other tensors are dense. */
  readonly parts: readonly Parts[]
  /** Reads one of them. Throws `FormatError`, `QuantizationConfigError`, `FileReadError`. */
  read(parts: Parts): Promise<HostWeight>
}

export interface Layout {
  readonly name: Exclude<LayoutName, 'dense'>
  /** The values of `quant_method` that announce it. */
  readonly methods: readonly string[]
  /** What its tensors are called, for messages. */
  readonly tensors: string
  /** The quantised weights by the names of tensors alone. */
  find(reader: Pick<TensorReader, 'names' | 'has'>): readonly Parts[]
  /**
   * Whether what was found (at least one) is of this layout and no other, by dtypes and shapes. `announced`: the
   * configuration says so, and only layouts with other names of tensors come into question.
   */
  recognizes(reader: TensorReader, found: readonly [Parts, ...Parts[]], announced: boolean): Promise<boolean>
  /** Throws `QuantizationConfigError` for a configuration that it cannot follow, `FormatError`. */
  open(opening: Opening): OpenLayout | Promise<OpenLayout>
}

/** Pairs of a tensor `x` and a tensor `x` + `suffix`, in the order of the second. */
export function pairs({ names, has }: Pick<TensorReader, 'names' | 'has'>, suffix: string): readonly Parts[] {
  const found: Parts[] = []
  for (const scales of names) {
    if (!scales.endsWith(suffix)) continue
    const name = scales.slice(0, -suffix.length)
    if (has(name)) found.push({ name, codes: name, scales })
  }
  return found
}
