/** The two 16-bit formats to and from float32, by name. The same results as `encodeArray` and `decodeArray`. */

import { checkLength } from '../check-length.ts'
import { decodeArray, encodeArray } from './arrays.ts'

/** Widens bf16 codes: a bf16 is the upper half of a float32; NaN payloads are kept. */
export function bf16ToF32Array(codes: Uint16Array, out?: Float32Array): Float32Array {
  return widen('bf16ToF32Array', codes, 'bf16', out)
}

/** Rounds float32 to the nearest bf16, ties to even; overflow becomes +-Infinity, NaN 0x7fc0. */
export function f32ToBf16Array(values: Float32Array, out?: Uint16Array): Uint16Array {
  return narrow('f32ToBf16Array', values, 'bf16', out)
}

/** Widens IEEE binary16 codes; exact. */
export function f16ToF32Array(codes: Uint16Array, out?: Float32Array): Float32Array {
  return widen('f16ToF32Array', codes, 'f16', out)
}

/** Rounds float32 to the nearest binary16, ties to even; from 65520 on +-Infinity, NaN 0x7e00. */
export function f32ToF16Array(values: Float32Array, out?: Uint16Array): Uint16Array {
  return narrow('f32ToF16Array', values, 'f16', out)
}

type Half = 'bf16' | 'f16'

function widen(op: string, codes: Uint16Array, format: Half, out?: Float32Array): Float32Array {
  if (out === undefined) return decodeArray(codes, format)
  checkLength(op, 'out', codes.length, out.length)
  return decodeArray(codes, format, out)
}

function narrow(op: string, values: Float32Array, format: Half, out?: Uint16Array): Uint16Array {
  if (out !== undefined) checkLength(op, 'out', values.length, out.length)
  return encodeArray(values, format, out)
}
