/** The two 16-bit formats to and from float32, by name. The same results as `encodeArray` and `decodeArray`. */

import { checkLength } from '../checks/check-length.ts'
import type { Written } from '../written.ts'
import { decodeArray, encodeArray } from './arrays.ts'

/** Widens bf16 codes: a bf16 is the upper half of a float32; NaN payloads are kept. */
export function bf16ToF32Array<Out extends Float32Array | undefined = undefined>(
  codes: Uint16Array,
  out?: Out,
): Written<Out, Float32Array<ArrayBuffer>> {
  return widen('bf16ToF32Array', codes, 'bf16', out)
}

/** Rounds float32 to the nearest bf16, ties to even; overflow becomes +-Infinity, NaN 0x7fc0. */
export function f32ToBf16Array<Out extends Uint16Array | undefined = undefined>(
  values: Float32Array,
  out?: Out,
): Written<Out, Uint16Array<ArrayBuffer>> {
  return narrow('f32ToBf16Array', values, 'bf16', out)
}

/** Widens IEEE binary16 codes; exact. */
export function f16ToF32Array<Out extends Float32Array | undefined = undefined>(
  codes: Uint16Array,
  out?: Out,
): Written<Out, Float32Array<ArrayBuffer>> {
  return widen('f16ToF32Array', codes, 'f16', out)
}

/** Rounds float32 to the nearest binary16, ties to even; from 65520 on +-Infinity, NaN 0x7e00. */
export function f32ToF16Array<Out extends Uint16Array | undefined = undefined>(
  values: Float32Array,
  out?: Out,
): Written<Out, Uint16Array<ArrayBuffer>> {
  return narrow('f32ToF16Array', values, 'f16', out)
}

type Half = 'bf16' | 'f16'

function widen<Out extends Float32Array | undefined>(
  op: string,
  codes: Uint16Array,
  format: Half,
  out: Out | undefined,
): Written<Out, Float32Array<ArrayBuffer>> {
  if (out !== undefined) checkLength(op, 'out', codes.length, out.length)
  return decodeArray<Out>(codes, format, out)
}

function narrow<Out extends Uint16Array | undefined>(
  op: string,
  values: Float32Array,
  format: Half,
  out: Out | undefined,
): Written<Out, Uint16Array<ArrayBuffer>> {
  if (out !== undefined) checkLength(op, 'out', values.length, out.length)
  return encodeArray<Half, Out>(values, format, out)
}
