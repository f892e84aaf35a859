/** Weights in a program: dense, or FP8 codes with block scales. */
import { isBlockScaled, type Tensor, type Weight, weightShape } from '@octoscale/tensor'
import { reads, type Use } from './program.ts'

/** What a program needs for a weight `[rows, inputs]`. */
export interface WeightUse {
  /** For names of programs: weights with the same one have the same functions. */
  readonly name: string
  readonly tensors: { readonly weight: Use; readonly scales?: Use }
  readonly numbers: Readonly<Record<string, number>>
  /**
   * For the weight whose first element is element `codes` and whose first scale is element `first_scale`:
   * `fn weight_value(codes, first_scale, row, column) -> f32`, and `fn four_weights(...) -> vec4f` for the columns from
   * `column` on, a multiple of 4. Beyond the last column it gives anything.
   */
  functions(): string
}

/** `bases`: tensors are taken at offset 0 of their buffers, for a program that finds each weight in a table. */
export function weightUse(weight: Weight, bases = false): WeightUse {
  const use = (t: Tensor): Use => reads(bases ? { ...t, offset: 0 } : t)
  const [rows, inputs] = weightShape(weight) as [number, number]
  if (!isBlockScaled(weight)) {
    return { name: 'dense', tensors: { weight: use(weight) }, numbers: { inputs }, functions: () => dense }
  }
  const { codes, scales, block } = weight
  // A block may be larger than its matrix, and than an u32: then there is one.
  const [height, width] = [block[0] < rows ? block[0] : 0, block[1] < inputs ? block[1] : 0]
  return {
    name: `scaled by ${height} x ${width}`,
    tensors: { weight: use(codes), scales: use(scales) },
    numbers: { inputs, blocks_across: scales.shape[1]! },
    functions: () => scaled(height, width),
  }
}

const dense = `
fn weight_value(codes: u32, first_scale: u32, row: u32, column: u32) -> f32 {
  return weight(codes + row * params.inputs + column);
}
fn four_weights(codes: u32, first_scale: u32, row: u32, column: u32) -> vec4f {
  return weight4(codes + row * params.inputs + column);
}
`

/** `value[r, c] = decode(codes[r, c]) * scales[r / height, c / width]`; 0 stands for one block. */
function scaled(height: number, width: number): string {
  const fours = ['column', 'column + 1u', 'column + 2u', 'column + 3u']
  const scale = (column: string): string => `scale(first_scale, row, ${column})`
  return `
fn scale(first_scale: u32, row: u32, column: u32) -> f32 {
  return scales(first_scale + ${quotient('row', height)} * params.blocks_across + ${quotient('column', width)});
}
fn weight_value(codes: u32, first_scale: u32, row: u32, column: u32) -> f32 {
  return weight(codes + row * params.inputs + column) * ${scale('column')};
}
fn four_weights(codes: u32, first_scale: u32, row: u32, column: u32) -> vec4f {
  return weight4(codes + row * params.inputs + column) * ${width % 4 === 0 ? scale('column') : `vec4f(${fours.map(scale).join(', ')})`};
}
`
}

/** Division by a constant, as a shift where it can be. */
function quotient(value: string, divisor: number): string {
  if (divisor === 0) return '0u'
  const shift = Math.log2(divisor)
  return Number.isInteger(shift) ? `((${value}) >> ${shift}u)` : `((${value}) / ${divisor}u)`
}
