/** Writing a safetensors file into memory, as the Python library (0.8) writes it, byte for byte. */
import { layoutOf, refuse, type TensorFacts } from './write-layout.ts'

export interface TensorToWrite extends TensorFacts {
  /** Little-endian, `numel * bits / 8` bytes. */
  readonly data: Uint8Array
}

/**
 * One file in memory; for more than that, `writeSafetensorsTo` and `writeCheckpoint`. Tensors are laid out by dtype,
 * widest first, then by name; metadata is sorted by key, where Python's order is random.
 * Throws `ArgumentError` when data and shape disagree, or for a name that the format cannot have.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, TensorToWrite>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const { start, ordered, fileBytes } = layoutOf('writeSafetensors', Object.entries(tensors), metadata)
  for (const { name, bytes, tensor } of ordered) {
    const { dtype, shape, data } = tensor
    if (bytes === data.byteLength) continue
    const expected = `${bytes} bytes for ${dtype} [${shape.join(', ')}]`
    throw refuse('writeSafetensors', name, expected, `${data.byteLength}`)
  }
  const file = new Uint8Array(fileBytes)
  file.set(start)
  let offset = start.byteLength
  for (const { tensor } of ordered) {
    file.set(tensor.data, offset)
    offset += tensor.data.byteLength
  }
  return file
}
