/** How a checkpoint is divided into files, and the index of these: as Python's `huggingface_hub` does it. */
import { compareUtf8 } from './write-layout.ts'

export interface Shard<Tensor> {
  readonly file: string
  readonly tensors: readonly Tensor[]
}

/**
 * Tensors in the order given; a file is full when the next tensor would make its tensors larger than `maxBytes`. A tensor
 * that is larger gets a file of its own, which comes before the one that is being filled. One file is `<name>.safetensors`,
 * several are `<name>-00001-of-00003.safetensors`. Source: `split_state_dict_into_shards_factory`, huggingface_hub 2.4.
 */
export function splitShards<Tensor extends { readonly bytes: number }>(
  tensors: readonly Tensor[],
  maxBytes: number,
  name: string,
): Shard<Tensor>[] {
  const shards: Tensor[][] = []
  let current: Tensor[] = []
  let bytes = 0
  for (const tensor of tensors) {
    if (tensor.bytes > maxBytes) {
      shards.push([tensor])
      continue
    }
    if (bytes + tensor.bytes > maxBytes) {
      shards.push(current)
      current = []
      bytes = 0
    }
    current.push(tensor)
    bytes += tensor.bytes
  }
  // Python writes no file for no tensors; a checkpoint without any can be read back here.
  if (current.length > 0 || shards.length === 0) shards.push(current)
  const number = (n: number) => `${n}`.padStart(5, '0')
  return shards.map((each, i) => ({
    file:
      shards.length === 1
        ? `${name}.safetensors`
        : `${name}-${number(i + 1)}-of-${number(shards.length)}.safetensors`,
    tensors: each,
  }))
}

export interface IndexFacts {
  readonly totalSize: number
  readonly metadata: Readonly<Record<string, string>>
  /** Given: the index is as `save_pretrained` of transformers writes it. */
  readonly totalParameters: number | undefined
}

/**
 * The text of the index. huggingface_hub: metadata `total_size` and what is given, in order, no newline at the end.
 * transformers: also `total_parameters`, all keys sorted, a newline.
 */
export function indexText(
  shards: readonly Shard<{ readonly name: string }>[],
  { totalSize, metadata, totalParameters }: IndexFacts,
): string {
  const map = shards.flatMap(({ file, tensors }) => tensors.map(({ name }) => [name, file] as const))
  const facts: [string, string | number][] = [['total_size', totalSize], ...Object.entries(metadata)]
  if (totalParameters === undefined) return object({ metadata: facts, weight_map: map })
  const sorted = (pairs: readonly (readonly [string, string | number])[]) =>
    [...pairs].sort(([a], [b]) => compareUtf8(a, b))
  facts.push(['total_parameters', totalParameters])
  return `${object({ metadata: sorted(facts), weight_map: sorted(map) })}\n`
}

/** Pairs, not objects: names like `1` would be moved to the front, and `__proto__` lost. */
function object(parts: Readonly<Record<string, readonly (readonly [string, string | number])[]>>): string {
  const fields = Object.entries(parts).map(([key, pairs]) => {
    const lines = pairs.map(([name, value]) => `    ${ascii(name)}: ${ascii(value)}`)
    return `  "${key}": {\n${lines.join(',\n')}\n  }`
  })
  return `{\n${fields.join(',\n')}\n}`
}

/** JSON in ASCII, as Python's `json.dump` writes it. */
function ascii(value: string | number): string {
  const escaped = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)
}
