import { expectTypeOf, it } from 'vitest'
import {
  bf16ToF32Array,
  convertArray,
  dequantize,
  packFp4,
  packFp6,
  packScaleTiles,
  packUe8m0,
  quantize,
  recipes,
  requantizeUe8m0,
  unpackFp4,
} from './index.ts'

const codes = new Uint8Array(4)

// Checked by the compiler. Blob takes what is not shared only, as do crypto.subtle and others.
it('new arrays have memory of their own to the type checker, so that a Blob takes them', () => {
  const quantized = quantize(new Float32Array(4), [2, 2], recipes.mxfp8E4m3)
  expectTypeOf(quantized.codes).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(requantizeUe8m0(quantized).quantized.scales).toEqualTypeOf<Float32Array<ArrayBuffer>>()
  expectTypeOf(dequantize(quantized)).toEqualTypeOf<Float32Array<ArrayBuffer>>()
  expectTypeOf(packFp4(codes)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(packFp6(codes)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  expectTypeOf(packScaleTiles(codes, [2, 2])).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
  const packed = packUe8m0(Float32Array.of(1), [1, 1], undefined, { rowsPerScale: 1 })
  expectTypeOf(packed).toEqualTypeOf<Int32Array<ArrayBuffer>>()
  expectTypeOf(convertArray(codes, 'e4m3', 'bf16')).toEqualTypeOf<Uint16Array<ArrayBuffer>>()
  expectTypeOf(bf16ToF32Array(new Uint16Array(1))).toEqualTypeOf<Float32Array<ArrayBuffer>>()
  new Blob([quantized.codes, packFp4(codes), packed])
})

it('an array of the caller comes back as what it is', () => {
  const shared = new Uint8Array(new SharedArrayBuffer(4))
  expectTypeOf(unpackFp4(codes.subarray(2), shared)).toEqualTypeOf<Uint8Array<SharedArrayBuffer>>()
  const maybe = shared as Uint8Array | undefined
  expectTypeOf(unpackFp4(codes.subarray(2), maybe)).toExtend<Uint8Array>()
  const scaled = {
    codes: shared,
    scales: Float32Array.of(1),
    shape: [1, 4],
    recipe: recipes.rowE4m3,
  } as const
  expectTypeOf(dequantize(scaled, new Float32Array(4))).toEqualTypeOf<Float32Array<ArrayBuffer>>()
})
