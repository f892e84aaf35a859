/** A compute shader as kernels describe it, and one run of it. `source.ts` writes the WGSL around it. */
import type { Tensor } from '@octoscale/tensor'
import type { IndexUse } from './index-check.ts'

export interface Program {
  /** Names the shader in errors; programs of one name have the same code. */
  readonly name: string
  /** WGSL with the entry point `main`. Declared before it: `params`, constants, and functions of each tensor. */
  code(): string
  /** The tensor whose values `checked_index` checks against the number `index_limit`. */
  readonly index?: IndexUse | undefined
}

/** A tensor that a program uses, under the name of its functions. */
export interface Use {
  readonly tensor: Tensor
  readonly writes: boolean
}

export interface Run {
  readonly program: Program
  readonly tensors: Readonly<Record<string, Use>>
  /** Fields of `params`, u32. */
  readonly numbers: Readonly<Record<string, number>>
  /** Fields of `params`, f32. */
  readonly floats?: Readonly<Record<string, number>>
  /** WGSL constants, u32 or bool: each value is a shader of its own. */
  readonly constants?: Readonly<Record<string, number | boolean>>
  /** How many; `flat_workgroup` numbers them from 0. There may be a few more, which must do nothing. */
  readonly workgroups: number
}

export function reads(tensor: Tensor): Use {
  return { tensor, writes: false }
}

export function writes(tensor: Tensor): Use {
  return { tensor, writes: true }
}
