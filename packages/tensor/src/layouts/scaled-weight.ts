/** From the tensors of one weight to one value: what all layouts of matrices share. */
import {
  type BlockRecipe,
  type BlockScaledArray,
  findNotPowerOfTwo,
  formats,
  recipes,
  type ScaleFormat,
} from '@octoscale/fp8-core'
import type { StoredTensor } from '../files/header.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { type CodeDType, type Codes, findCodes, readCodes } from './codes.ts'
import { readGlobalScale } from './global-scale.ts'
import type { Parts } from './layout.ts'
import { type Block, checkGrid, findScales, readScales, type ScaleDType, scaleGrid } from './scales.ts'

/** How the tensors of a weight are to be understood. */
export interface Scheme {
  readonly codes: readonly CodeDType[]
  readonly scales: readonly ScaleDType[]
  /** Height and width of the block that has one scale, Infinity for the whole extent; may follow from the tensors. */
  readonly block: Block | ((codes: Codes, scales: StoredTensor) => Block)
  /** `reciprocal`: all scales are divided by the global scale; `factor`: multiplied. */
  readonly globalScale?: 'reciprocal' | 'factor'
}

/** Reads a weight. Everything is compared with the headers before any data is read. Throws `FormatError`. */
export async function readScaled(
  reader: TensorReader,
  parts: Parts,
  scheme: Scheme,
): Promise<BlockScaledArray> {
  const codes = await findCodes(reader, parts.codes, scheme.codes)
  const stored = await findScales(reader, parts.scales, codes, scheme.scales)
  const block = typeof scheme.block === 'function' ? scheme.block(codes, stored) : scheme.block
  checkGrid(reader.name, stored, codes, block)
  const global =
    scheme.globalScale === undefined
      ? {}
      : { globalScale: await readGlobalScale(reader, parts, scheme.globalScale) }
  const scales = await readScales(reader, stored, scaleGrid(codes.shape, block)[1])
  const title = `${codes.stored.dtype} ${block.join('x')}`
  const recipe = {
    ...recipeOf(codes, block, kindOf(stored.dtype, scales, block)),
    name: title,
    format: codes.format,
    block,
    target: formats[codes.format].max,
    globalScale: scheme.globalScale !== undefined,
  }
  return { codes: await readCodes(reader, codes), scales, shape: codes.shape, recipe, ...global }
}

/** Float scales of blocks count as UE8M0 if all of them are powers of two. */
function kindOf(dtype: ScaleDType, scales: Float32Array, block: Block): ScaleFormat {
  if (dtype === 'F8_E4M3') return 'e4m3'
  if (dtype === 'F8_E8M0' || dtype === 'U8') return 'ue8m0'
  return block.every(Number.isFinite) && findNotPowerOfTwo(scales) === -1 ? 'ue8m0' : 'f32'
}

/** What quantises like this. For reading only the format, the block and the kind of scale count. */
function recipeOf({ format }: Codes, [height, width]: Block, scale: ScaleFormat): BlockRecipe {
  if (scale === 'e4m3') return recipes.nvfp4
  if (scale === 'f32') return Number.isFinite(width) ? recipes.deepseekWeight : recipes.rowE4m3
  if (height !== 1 || width !== 32) return recipes.deepseekWeightUe8m0
  return format === 'e2m1' ? recipes.mxfp4 : recipes.mxfp8E4m3
}
