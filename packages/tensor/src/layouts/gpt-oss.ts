/**
 * gpt-oss: the experts of a layer in two tensors,
 *
 *   `x_blocks` U8 [experts, rows, columns / 32, 16]: 32 FP4 codes of a row in 16 bytes, the first in the low half of a byte
 *   `x_scales` U8 [experts, rows, columns / 32]: their UE8M0 code
 *
 * Expert e is the weight `x.e`, `[rows, columns]` with rows the outputs and columns the inputs, as in all layouts here (the
 * dense tensor that transformers makes of it has them the other way round). Rows of `gate_up_proj` alternate: gate in the
 * even ones, up in the odd ones. `x_bias` stays a dense tensor.
 *
 * `{ "quant_method": "mxfp4" }`. Source: `convert_moe_packed_tensors` of transformers 5.23.
 */
import { type BlockScaledArray, decodeArray, recipes, unpackFp4 } from '@octoscale/fp8-core'
import { FormatError } from '../errors.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { shapeText } from '../views.ts'
import type { Layout, Opening, OpenLayout, Parts } from './layout.ts'
import { keepListedDense, nameList } from './name-list.ts'
import { checkScales } from './scales.ts'

/** Bytes of 32 codes. */
const GROUP_BYTES = 16
/** In one tensor and in all; gpt-oss-120b has 128 and 9216. Each is a name in memory. */
const MAX_EXPERTS = 4096
const MAX_ALL_EXPERTS = 2 ** 18

interface ExpertWeights {
  readonly experts: number
  readonly rows: number
  /** Groups of 32 columns. */
  readonly groups: number
}

export const gptOss: Layout = {
  name: 'gpt-oss',
  methods: ['mxfp4'],
  tensors: '*_blocks with *_scales',
  find({ names, has }) {
    const found: Parts[] = []
    for (const codes of names) {
      const name = codes.slice(0, -'_blocks'.length)
      if (codes.endsWith('_blocks') && has(`${name}_scales`)) {
        found.push({ name, codes, scales: `${name}_scales` })
      }
    }
    return found
  },
  recognizes: async (reader, [first], announced) =>
    announced || (await reader.info(first.codes)).shape.length === 4,
  open,
}

async function open({ reader, config, parts }: Opening): Promise<OpenLayout> {
  const listed = nameList(config, ['modules_to_not_convert'])
  const stacks = new Map<Parts, { readonly expert: number; readonly stack: ExpertWeights }>()
  for (const part of parts) {
    const stack = await findExperts(reader, part)
    if (stacks.size + stack.experts > MAX_ALL_EXPERTS) {
      throw new FormatError({ file: reader.name, problem: `has more than ${MAX_ALL_EXPERTS} experts` })
    }
    for (let expert = 0; expert < stack.experts; expert++) {
      stacks.set({ ...part, name: `${part.name}.${expert}` }, { expert, stack })
    }
  }
  return {
    parts: [...stacks.keys()],
    async read(part) {
      const { expert, stack } = stacks.get(part)!
      keepListedDense(listed, part)
      return readExpert(reader, part, expert, stack)
    },
  }
}

/** Shapes and dtypes of a stack of experts, from the headers. */
async function findExperts(reader: TensorReader, { codes, scales }: Parts): Promise<ExpertWeights> {
  const [blocks, exponents] = [await reader.info(codes), await reader.info(scales)]
  const refuse = (tensor: string, problem: string) =>
    new FormatError({ file: reader.name, tensor: printable(tensor), problem })
  const [experts = 0, rows = 0, groups = 0, bytes] = blocks.shape
  if (blocks.dtype !== 'U8' || blocks.shape.length !== 4 || bytes !== GROUP_BYTES || blocks.bytes === 0) {
    const got = `${printable(blocks.dtype)} ${shapeText(blocks.shape.slice(0, 8))}`
    throw refuse(codes, `must be U8 [experts, rows, columns / 32, ${GROUP_BYTES}], got ${got}`)
  }
  if (experts > MAX_EXPERTS) throw refuse(codes, `has ${experts} experts, the limit is ${MAX_EXPERTS}`)
  const expected = [experts, rows, groups]
  const fits = exponents.shape.length === 3 && expected.every((size, i) => size === exponents.shape[i])
  if (!fits || (exponents.dtype !== 'U8' && exponents.dtype !== 'F8_E8M0')) {
    const got = `${printable(exponents.dtype)} ${shapeText(exponents.shape.slice(0, 8))}`
    throw refuse(scales, `must be U8 ${shapeText(expected)} for ${shapeText(blocks.shape)}, got ${got}`)
  }
  return { experts, rows, groups }
}

/** Reads the bytes of one expert only. */
async function readExpert(
  reader: TensorReader,
  { codes, scales }: Parts,
  expert: number,
  { rows, groups }: ExpertWeights,
): Promise<BlockScaledArray> {
  const exponents = new Uint8Array(rows * groups)
  await reader.readInto(scales, expert * exponents.length, exponents)
  const multipliers = decodeArray(exponents, 'e8m0')
  checkScales(reader.name, scales, multipliers, groups)
  const packed = new Uint8Array(exponents.length * GROUP_BYTES)
  await reader.readInto(codes, expert * packed.length, packed)
  const shape = [rows, groups * 32] as const
  return { codes: unpackFp4(packed), scales: multipliers, shape, recipe: recipes.mxfp4 }
}
