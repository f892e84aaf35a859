/** Quantised tensors of a GGUF file as integer codes with scales, as backends multiply with them. */
import { ArgumentError, FormatError } from '../errors.ts'
import { makeRoom } from '../files/byte-source.ts'
import { printable } from '../files/json-keys.ts'
import { selectRows } from '../files/row-range.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import type { IntegerCodes } from '../host.ts'
import { ggmlType, ggmlTypes } from './ggml-types.ts'
import type { IntegerLayout } from './integer-blocks.ts'

export interface ReadCodesOptions {
  /** Only rows `from .. to - 1`, counted through all dimensions but the last, as `readFloat32` does. */
  readonly rows?: readonly [from: number, to: number]
  /** Where to put them, exactly as long; by default new arrays. What `minimums` holds counts only where the type has them. */
  readonly out?: Pick<IntegerCodes, 'codes' | 'scales' | 'minimums'>
}

/** Blocks are read in parts of about this size, so that unpacking needs little more than its result. */
const PART_BYTES = 2 ** 20

/**
 * How a stored dtype becomes i8 codes without loss: all quantised types of GGUF that `readFloat32` reads, such as Q8_0, Q4_K
 * and MXFP4. `undefined` for others.
 */
export function integerLayout(dtype: string): IntegerLayout | undefined {
  const integers = ggmlType(dtype)?.integers
  return integers && { block: integers.block, minimums: integers.minimums }
}

/**
 * Codes, scales and minimums of a quantised tensor: `code * scale + minimum`, rounded to f32 once, is bit for bit what
 * `readFloat32` gives. Rows are read in parts, so that there is never a second copy of the tensor; of a tensor that is larger
 * than memory, `rows` reads one part after the other into the same arrays.
 *
 * Throws `FormatError` for a dtype without {@link integerLayout}, `ArgumentError` for rows that there are not and for arrays
 * of another length, `FileReadError`.
 */
export async function readCodes(
  reader: TensorReader,
  name: string,
  { rows, out }: ReadCodesOptions = {},
): Promise<IntegerCodes> {
  const tensor = await reader.info(name)
  const { integers, blockSize = 1, blockBytes = 1 } = ggmlType(tensor.dtype) ?? {}
  if (integers === undefined) throw notIntegers(reader.name, name, tensor.dtype)
  const { block, minimums: hasMinimums, unpack } = integers
  const { first, count } = selectRows('readCodes', tensor, rows)
  const perScale = block[1]
  const result = {
    codes: arrayFor(
      name,
      'codes',
      count,
      out?.codes,
      () => new Int8Array(makeRoom(reader.name, count).buffer),
    ),
    scales: floatsFor(reader.name, name, 'scales', count / perScale, out?.scales),
    ...(hasMinimums
      ? { minimums: floatsFor(reader.name, name, 'minimums', count / perScale, out?.minimums) }
      : {}),
  }
  const start = (first / blockSize) * blockBytes
  const blocks = count / blockSize
  const partBlocks = Math.min(blocks, Math.floor(PART_BYTES / blockBytes))
  const room = makeRoom(reader.name, partBlocks * blockBytes)
  const { codes, scales, minimums = new Float32Array() } = result
  for (let begin = 0; begin < blocks; begin += partBlocks) {
    const end = Math.min(begin + partBlocks, blocks)
    const bytes = room.subarray(0, (end - begin) * blockBytes)
    await reader.readInto(name, start + begin * blockBytes, bytes)
    const part = (array: Float32Array) =>
      array.subarray((begin * blockSize) / perScale, (end * blockSize) / perScale)
    unpack(bytes, codes.subarray(begin * blockSize, end * blockSize), part(scales), part(minimums))
  }
  const columns = tensor.shape.at(-1) ?? 1
  return { shape: [columns === 0 ? 0 : count / columns, columns], block, ...result }
}

function floatsFor(
  file: string,
  tensor: string,
  part: string,
  length: number,
  given: Float32Array | undefined,
): Float32Array {
  return arrayFor(tensor, part, length, given, () => new Float32Array(makeRoom(file, length * 4).buffer))
}

function arrayFor<Values extends Int8Array | Float32Array>(
  tensor: string,
  part: string,
  length: number,
  given: Values | undefined,
  make: () => Values,
): Values {
  if (given === undefined) return make()
  if (given.length === length) return given
  const expected = `${length} long for these rows of ${printable(tensor)}`
  throw new ArgumentError({ op: 'readCodes', argument: `out.${part}`, expected, got: `${given.length}` })
}

function notIntegers(file: string, tensor: string, dtype: string): FormatError {
  const known = ggmlTypes.filter((type) => type.integers !== undefined).map((type) => type.name)
  const problem = `${dtype} is not stored as integers with scales, as ${known.join(', ')} are`
  return new FormatError({ file, tensor: printable(tensor), problem })
}
