/**
 * Where ggml's FP4 blocks are not what OCP and NVIDIA define; `tensors.gguf` has all codes.
 *
 * Mutations seen red: no rule for 0x7f, none for 255, -0 kept, weights of NVFP4 side by side.
 */
import { decode } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { ggmlType } from './ggml-types.ts'

const decodeMXFP4 = ggmlType('MXFP4')!.decode!
const decodeNVFP4 = ggmlType('NVFP4')!.decode!

/** The value that a scale byte gives to an E2M1 code. */
function mxfp4(scale: number, code: number): number {
  const out = new Float32Array(32)
  decodeMXFP4(Uint8Array.of(scale, ...new Uint8Array(16).fill(code)), out)
  return out[0]!
}

function nvfp4(scale: number, code: number): number {
  const out = new Float32Array(64)
  decodeNVFP4(Uint8Array.of(scale, 0, 0, 0, ...new Uint8Array(32).fill(code)), out)
  return out[0]!
}

const ONE = 2

test('NVFP4: scales are E4M3 codes without their sign, but 0x7f is 0, not NaN, and 0xff is 480', () => {
  for (let byte = 0; byte < 256; byte++) {
    const e4m3 = decode(byte & 0x7f, 'e4m3')
    const expected = byte === 0x7f ? 0 : byte === 0xff ? 480 : e4m3
    expect(nvfp4(byte, ONE), `scale byte ${byte}`).toBe(expected)
  }
  expect(decode(0x7f, 'e4m3')).toBeNaN()
})

test('MXFP4: scales are E8M0 codes, but 255 is 2^128, not NaN', () => {
  for (let byte = 0; byte < 255; byte++)
    expect(mxfp4(byte, ONE), `scale byte ${byte}`).toBe(decode(byte, 'e8m0'))
  expect(decode(255, 'e8m0')).toBeNaN()
  // 0.5 * 2^128 is a float32, 1 * 2^128 is not.
  expect(mxfp4(255, 1)).toBe(2 ** 127)
  expect(mxfp4(255, ONE)).toBe(Number.POSITIVE_INFINITY)
  // Half of the smallest scale is subnormal and exact.
  expect(mxfp4(0, 1)).toBe(2 ** -128)
})

test('elements are E2M1 codes, but code 8 is +0, not -0', () => {
  for (let code = 0; code < 16; code++) {
    const expected = decode(code, 'e2m1') + 0
    expect(mxfp4(127, code), `code ${code}`).toBe(expected)
    expect(nvfp4(0x38, code), `code ${code}`).toBe(expected)
  }
  expect(decode(8, 'e2m1')).toBe(-0)
})

test('order: MXFP4 puts weights 16 apart into a byte, NVFP4 8 apart in groups of 16', () => {
  const pairs = Array.from({ length: 32 }, (_, i) => (i % 8) | ((7 - (i % 8)) << 4))
  const value = (code: number) => decode(code, 'e2m1')
  const mx = new Float32Array(32)
  decodeMXFP4(Uint8Array.of(128, ...pairs.slice(0, 16)), mx)
  for (let j = 0; j < 16; j++) {
    expect([mx[j], mx[j + 16]]).toEqual([2 * value(j % 8), 2 * value(7 - (j % 8))])
  }
  const nv = new Float32Array(64)
  decodeNVFP4(Uint8Array.of(0x38, 0x40, 0x48, 0x50, ...pairs), nv)
  for (let group = 0; group < 4; group++) {
    for (let j = 0; j < 8; j++) {
      const scale = 2 ** group
      const at = group * 16 + j
      expect([nv[at], nv[at + 8]]).toEqual([scale * value(j), scale * value(7 - j)])
    }
  }
})
