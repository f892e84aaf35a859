/** The whole WGSL of a program for given tensors: constants, parameters, bindings, accessors, then its own code. */
import { type DType, formatOfDType } from '@octoscale/tensor'
import { accessors, isCode } from './accessors.ts'
import { decoder, integerDecoder } from './decode.ts'
import { indexCheck } from './index-check.ts'
import type { Program } from './program.ts'

/** A tensor of a program: its name, its elements, and which of the bound buffers it lies in. */
export interface Place {
  readonly name: string
  readonly dtype: DType
  readonly binding: number
  readonly writes: boolean
}

export interface Shape {
  readonly places: readonly Place[]
  /** By binding: whether any tensor in that buffer is written. */
  readonly writable: readonly boolean[]
  readonly numbers: readonly string[]
  readonly floats: readonly string[]
  readonly constants: Readonly<Record<string, number | boolean>>
}

/** Fields of `params` in the order of their words: offsets of tensors, numbers, floats. */
export function shaderSource(program: Program, shape: Shape): string {
  const { places, writable, numbers, floats, constants } = shape
  const fields = [
    ...places.map(({ name }) => `${name}_offset: u32`),
    ...numbers.map((name) => `${name}: u32`),
    ...floats.map((name) => `${name}: f32`),
  ]
  const formats = new Set(places.flatMap(({ dtype }) => (isCode(dtype) ? [formatOfDType[dtype]] : [])))
  return [
    ...Object.entries(constants).map(
      ([name, value]) => `const ${name} = ${value}${typeof value === 'number' ? 'u' : ''};`,
    ),
    `struct Params {\n  ${fields.join(',\n  ')}\n}`,
    '@group(0) @binding(0) var<uniform> params: Params;',
    ...writable.map(
      (write, i) =>
        `@group(1) @binding(${i}) var<storage, ${write ? 'read_write' : 'read'}> b${i}: array<u32>;`,
    ),
    flatWorkgroup,
    ...[...formats].map(decoder),
    ...(places.some(({ dtype }) => dtype === 'i8') ? [integerDecoder] : []),
    ...places.map(({ name, dtype, binding, writes }) => accessors(name, dtype, `b${binding}`, writes)),
    program.index === undefined ? '' : indexCheck(program.index),
    program.code(),
  ].join('\n')
}

/** Workgroups are laid out over x and y, since neither may exceed 65,535. */
const flatWorkgroup = `
fn flat_workgroup(id: vec3u, count: vec3u) -> u32 { return id.x + id.y * count.x; }
`
