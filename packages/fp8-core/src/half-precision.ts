/** The two 16-bit formats to and from float32, by name. The same results as `encodeArray` and `decodeArray`. */
import { decodeArray, encodeArray } from './arrays.ts'
import { checkLength } from './check-length.ts'

/** Widens bf16 codes: a bf16 is the upper half of a float32, so this is a shift; NaN payloads are kept. */
export function bf16ToF32Array(codes: Uint16Array, out?: Float32Array): Float32Array {
  const result = out ?? new Float32Array(codes.length)
  checkLength('bf16ToF32Array', 'out', codes.length, result.length)
  const bits = new Uint32Array(result.buffer, result.byteOffset, result.length)
  for (let i = 0; i < codes.length; i++) bits[i] = codes[i]! << 16
  return result
}

/** Rounds float32 to the nearest bf16, ties to even; overflow becomes +-Infinity, NaN 0x7fc0. */
export function f32ToBf16Array(values: Float32Array, out?: Uint16Array): Uint16Array {
  const result = out ?? new Uint16Array(values.length)
  checkLength('f32ToBf16Array', 'out', values.length, result.length)
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length)
  for (let i = 0; i < values.length; i++) {
    const word = bits[i]!
    // Adding just under half a unit (0x7fff), and one more if the kept part is odd, carries exactly when rounding up.
    const rounded = (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
    result[i] = (word & 0x7fffffff) > 0x7f800000 ? 0x7fc0 : rounded
  }
  return result
}

/** Widens IEEE binary16 codes; exact. */
export function f16ToF32Array(codes: Uint16Array, out?: Float32Array): Float32Array {
  return out === undefined ? decodeArray(codes, 'f16') : decodeArray(codes, 'f16', out)
}

/** Rounds float32 to the nearest binary16, ties to even; from 65520 on +-Infinity, NaN 0x7e00. */
export function f32ToF16Array(values: Float32Array, out?: Uint16Array): Uint16Array {
  return encodeArray(values, 'f16', out)
}
