/** What is measured: conversions of normally distributed numbers between arrays made beforehand. */
import { decodeArray, encodeArray } from '../bulk/arrays.ts'
import { convertArray } from '../bulk/convert-array.ts'
import { bf16ToF32Array, f16ToF32Array, f32ToBf16Array, f32ToF16Array } from '../bulk/half-precision.ts'

export const elements: number = 2 ** 22

export interface Case {
  /** The same in `speed.py`, where a peer has it. */
  readonly name: string
  readonly run: () => void
}

export function cases(): Case[] {
  const input = Float32Array.from({ length: elements }, normal)
  const doubles = Float64Array.from(input, (x) => x * (1 + 2 ** -40))
  const floats = new Float32Array(elements)
  const wide = new Float64Array(elements)
  const bytes = new Uint8Array(elements)
  const e4m3 = encodeArray(input, 'e4m3')
  const e5m2 = encodeArray(input, 'e5m2')
  const e2m1 = encodeArray(input, 'e2m1')
  const bf16 = f32ToBf16Array(input)
  const f16 = f32ToF16Array(input)
  const halves = new Uint16Array(elements)
  const run = (name: string, body: () => void): Case => ({ name, run: body })
  return [
    run('copy f32 (8 bytes an element)', () => floats.set(input)),
    run('f32 to e4m3', () => encodeArray(input, 'e4m3', bytes)),
    run('f32 to e5m2', () => encodeArray(input, 'e5m2', bytes)),
    run('f32 to e2m1', () => encodeArray(input, 'e2m1', bytes)),
    run('f32 to mxint8', () => encodeArray(input, 'mxint8', bytes)),
    run('f32 to hif8', () => encodeArray(input, 'hif8', bytes)),
    run('f32 to bf16', () => f32ToBf16Array(input, halves)),
    run('f32 to f16', () => f32ToF16Array(input, halves)),
    run('f64 to e4m3', () => encodeArray(doubles, 'e4m3', bytes)),
    run('e4m3 to f32', () => decodeArray(e4m3, 'e4m3', floats)),
    run('e5m2 to f32', () => decodeArray(e5m2, 'e5m2', floats)),
    run('e2m1 to f32', () => decodeArray(e2m1, 'e2m1', floats)),
    run('bf16 to f32', () => bf16ToF32Array(bf16, floats)),
    run('f16 to f32', () => f16ToF32Array(f16, floats)),
    run('e4m3 to f64', () => decodeArray(e4m3, 'e4m3', wide)),
    run('bf16 to e4m3', () => convertArray(bf16, 'bf16', 'e4m3', bytes)),
    run('e4m3 to e4m3fnuz', () => convertArray(e4m3, 'e4m3', 'e4m3fnuz', bytes)),
  ]
}

/** Box-Muller. */
function normal(): number {
  return Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random())
}
