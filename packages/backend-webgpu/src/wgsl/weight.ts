/** Weights in a program: dense, or codes with block scales. */
import { isBlockScaled, type Tensor, type Weight, weightShape } from '@octoscale/tensor'
import { reads, type Use } from './program.ts'

/** What a program needs for a weight `[rows, inputs]`. */
export interface WeightUse {
  /** For names of programs: weights with the same one have the same functions. */
  readonly name: string
  readonly tensors: { readonly weight: Use; readonly scales?: Use; readonly minimums?: Use }
  readonly numbers: Readonly<Record<string, number>>
  /**
   * `fn weight_value(first: First, row, column) -> f32`, and `fn four_weights(...) -> vec4f` for the columns from `column`
   * on, a multiple of 4. Beyond the last column it gives anything. `First`: the first elements of the weight's codes,
   * scales and minimums.
   */
  functions(): string
}

/** `bases`: tensors are taken at offset 0 of their buffers, for a program that finds each weight in a table. */
export function weightUse(weight: Weight, bases = false): WeightUse {
  const use = (t: Tensor): Use => reads(bases ? { ...t, offset: 0 } : t)
  const [rows, inputs] = weightShape(weight) as [number, number]
  if (!isBlockScaled(weight)) {
    return {
      name: 'dense',
      tensors: { weight: use(weight) },
      numbers: { inputs },
      functions: () => first + dense,
    }
  }
  const { codes, scales, minimums, block } = weight
  // A block may be larger than its matrix, and than an u32: then there is one.
  const [height, width] = [block[0] < rows ? block[0] : 0, block[1] < inputs ? block[1] : 0]
  return {
    name: `scaled by ${height} x ${width}${minimums === undefined ? '' : ' from minimums'}`,
    tensors: {
      weight: use(codes),
      scales: use(scales),
      ...(minimums === undefined ? {} : { minimums: use(minimums) }),
    },
    numbers: { inputs, blocks_across: scales.shape[1]! },
    functions: () => first + scaled(height, width, minimums !== undefined),
  }
}

const first = `
struct First { codes: u32, scales: u32, minimums: u32 }
`

const dense = `
fn weight_value(first: First, row: u32, column: u32) -> f32 {
  return weight(first.codes + row * params.inputs + column);
}
fn four_weights(first: First, row: u32, column: u32) -> vec4f {
  return weight4(first.codes + row * params.inputs + column);
}
`

/**
 * `value[r, c] = decode(codes[r, c]) * scales[r / height, c / width]`, plus the minimum of the same place if there are
 * minimums; 0 stands for one block.
 */
function scaled(height: number, width: number, hasMinimums: boolean): string {
  const of = (table: string, column: string): string => `${table}(first.${table} + block_of(row, ${column}))`
  const four = (table: string): string => {
    if (width % 4 === 0) return of(table, 'column')
    return `vec4f(${['column', 'column + 1u', 'column + 2u', 'column + 3u'].map((column) => of(table, column)).join(', ')})`
  }
  const value = (codes: string, part: (table: string) => string): string =>
    `${codes} * ${part('scales')}${hasMinimums ? ` + ${part('minimums')}` : ''}`
  const at = 'first.codes + row * params.inputs + column'
  return `
fn block_of(row: u32, column: u32) -> u32 {
  return ${quotient('row', height)} * params.blocks_across + ${quotient('column', width)};
}
fn weight_value(first: First, row: u32, column: u32) -> f32 {
  return ${value(`weight(${at})`, (table) => of(table, 'column'))};
}
fn four_weights(first: First, row: u32, column: u32) -> vec4f {
  return ${value(`weight4(${at})`, four)};
}
`
}

/** Division by a constant, as a shift where it can be. */
function quotient(value: string, divisor: number): string {
  if (divisor === 0) return '0u'
  const shift = Math.log2(divisor)
  return Number.isInteger(shift) ? `((${value}) >> ${shift}u)` : `((${value}) / ${divisor}u)`
}
