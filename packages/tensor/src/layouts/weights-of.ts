/** The weights of a checkpoint, whatever its quantised layout. */
import { FormatError } from '../errors.ts'
import type { Checkpoint } from '../files/checkpoint.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import type { HostWeight } from '../host.ts'
import { ConfigFields } from './config-fields.ts'
import type { LayoutName, OpenLayout } from './layout.ts'
import { chooseLayout } from './layouts.ts'
import { readDense } from './read-dense.ts'

/** All weights and other tensors of a checkpoint; scales belong to their weights. */
export interface CheckpointWeights {
  readonly layout: LayoutName
  /**
   * What can be read, in the order of the checkpoint: quantised weights (`x.weight`; of gpt-oss `x.3` for expert 3), and all
   * tensors that are not parts of one.
   */
  readonly names: readonly string[]
  /**
   * A weight with its scales, rows outputs and columns inputs, or a dense tensor (F32, BF16, F16, I32) as it is stored.
   * Dtypes and shapes are checked before data is read. Throws `FormatError`, `QuantizationConfigError`, `FileReadError`.
   */
  read(name: string): Promise<HostWeight>
}

export interface WeightsOptions {
  /**
   * The parsed `config.json`; default: the one beside the checkpoint. `null` to let the tensors alone decide, as happens
   * also where it has no `quantization_config`.
   */
  readonly config?: Readonly<Record<string, unknown>> | null | undefined
}

/**
 * Finds out how a checkpoint stores its weights: DeepSeek V3 and V4, compressed-tensors, ModelOpt, gpt-oss, MXFP8 and MXFP4.
 * Of quantised weights only names are looked at here (of gpt-oss, headers).
 *
 * Throws `QuantizationConfigError` for a `quantization_config` that is unknown or that the tensors contradict, and says what
 * is supported; `FormatError`, `FileReadError`.
 */
export async function weightsOf(
  checkpoint: TensorReader & Partial<Pick<Checkpoint, 'readConfig'>>,
  options: WeightsOptions = {},
): Promise<CheckpointWeights> {
  const given = options.config === undefined ? await checkpoint.readConfig?.() : options.config
  const config = quantizationOf(checkpoint.name, given ?? undefined)
  const chosen = await chooseLayout(checkpoint, config)
  const open: OpenLayout | undefined =
    chosen && (await chosen.layout.open({ reader: checkpoint, config, parts: chosen.parts }))

  const parts = new Map(open?.parts.map((each) => [each.name, each]))
  const names = namesOf(checkpoint, open)
  return {
    layout: chosen?.layout.name ?? 'dense',
    names,
    async read(name) {
      const quantized = parts.get(name)
      return quantized === undefined ? readDense(checkpoint, name) : open!.read(quantized)
    },
  }
}

/** The settings, from the places where files have them. */
function quantizationOf(
  file: string,
  config: Readonly<Record<string, unknown>> | undefined,
): ConfigFields | undefined {
  if (config === undefined) return undefined
  const fields = new ConfigFields(file, '', config)
  const found =
    fields.object('quantization_config') ??
    fields.object('text_config')?.object('quantization_config') ??
    fields.object('compression_config')
  return found
}

function namesOf({ name: file, names }: TensorReader, open: OpenLayout | undefined): readonly string[] {
  const byCodes = new Map<string, string[]>()
  const used = new Set<string>()
  for (const { name, codes, scales, globalScale } of open?.parts ?? []) {
    const weights = byCodes.get(codes)
    if (weights === undefined) byCodes.set(codes, [name])
    else weights.push(name)
    for (const tensor of [codes, scales, globalScale]) if (tensor !== undefined) used.add(tensor)
  }
  const all = names.flatMap((tensor) => byCodes.get(tensor) ?? (used.has(tensor) ? [] : [tensor]))
  const seen = new Set<string>()
  for (const name of all) {
    if (seen.has(name)) {
      const problem = 'is there twice, with and without scales or packed and not'
      throw new FormatError({ file, tensor: printable(name), problem })
    }
    seen.add(name)
  }
  return all
}
