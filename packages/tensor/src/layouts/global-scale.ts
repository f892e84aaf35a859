/** The one float32 that multiplies or divides all scales of an NVFP4 weight. */
import { FormatError } from '../errors.ts'
import { printable } from '../files/json-keys.ts'
import type { TensorReader } from '../files/tensor-reader.ts'
import { shapeText } from '../views.ts'
import type { Parts } from './layout.ts'

/**
 * The multiplier of all scales.
 *
 * A stored reciprocal g comes back as 1 / g in double precision, not as a float32: then f32(scale * (1 / g)) is
 * f32(scale / g), which is what compressed-tensors computes, bit for bit. A scale has 4 significant bits and g 24, so
 * scale / g stays at least 2^-49 of its size away from the middle of two floats, of 25 bits, and the product is off by less
 * than 2^-51.
 *
 * Throws `FormatError` when it is missing, no single F32, or not positive and finite (also as a reciprocal in float32).
 */
export async function readGlobalScale(
  reader: TensorReader,
  { name: weight, globalScale: name = `${weight}_global_scale` }: Parts,
  kind: 'reciprocal' | 'factor',
): Promise<number> {
  const refuse = (problem: string) => new FormatError({ file: reader.name, tensor: printable(name), problem })
  if (!reader.has(name)) throw refuse(`is missing: the scales of ${printable(weight)} need it`)
  const { dtype, shape } = await reader.info(name)
  if (dtype !== 'F32') throw refuse(`dtype ${printable(dtype)} is no global scale; expected F32`)
  if (shape.length > 2 || shape.some((size) => size !== 1)) {
    throw refuse(`must have shape [] or [1], got ${shapeText(shape.slice(0, 8))}`)
  }
  const [stored = Number.NaN] = await reader.readFloat32(name)
  const multiplier = kind === 'factor' ? stored : 1 / stored
  const rounded = Math.fround(multiplier)
  if (!(rounded > 0 && rounded < Infinity)) {
    throw refuse(
      `is ${stored}, must be a positive finite number${kind === 'factor' ? '' : ' with a reciprocal'}`,
    )
  }
  return multiplier
}
