/**
 * The table of number formats. `number-format.ts` says what the fields of a row mean; a new format is a new row.
 *
 * Sources: OCP OFP8 (E4M3, E5M2), OCP MX v1.0 (E8M0, E2M1, E2M3, E3M2, INT8), the README of ml_dtypes (FNUZ, E3M4),
 * arXiv 2409.16626 (HiF8), IEEE 754 (binary16). Formats of IEEE P3109 are made by parameters: `p3109.ts`.
 */
import { defineFormat, ieee, type NumberFormat, usual } from './number-format.ts'

/** Only one zero, and NaN in the place of the other: AMD's and Graphcore's. */
const unsignedZero = { ...usual, nans: 'negative-zero', zero: 'unsigned' } as const

/** Canonical name of a format of the table. */
export type FormatName =
  | 'e4m3'
  | 'e5m2'
  | 'e4m3fnuz'
  | 'e5m2fnuz'
  | 'e4m3b11fnuz'
  | 'e4m3ieee'
  | 'e3m4'
  | 'e8m0'
  | 'e2m1'
  | 'e2m3'
  | 'e3m2'
  | 'mxint8'
  | 'hif8'
  | 'bf16'
  | 'f16'

/** The table of formats, by canonical name. */
export const formats: Readonly<Record<FormatName, NumberFormat>> = Object.freeze({
  e4m3: defineFormat({
    ...usual,
    name: 'e4m3',
    title: 'OCP OFP8 E4M3 (E4M3FN): finite and NaN, no infinities',
    exponentBits: 4,
    mantissaBits: 3,
    bias: 7,
    max: 448,
    minNormal: 2 ** -6,
    minSubnormal: 2 ** -9,
    nans: 'all-ones',
    aliases: {
      safetensors: 'F8_E4M3',
      torch: 'float8_e4m3fn',
      onnx: 'FLOAT8E4M3FN',
      mlDtypes: 'float8_e4m3fn',
      others: ['e4m3fn', 'f8_e4m3fn'],
    },
  }),
  e5m2: defineFormat({
    ...ieee,
    name: 'e5m2',
    title: 'OCP OFP8 E5M2: like IEEE 754, with infinities',
    exponentBits: 5,
    mantissaBits: 2,
    bias: 15,
    max: 57344,
    minNormal: 2 ** -14,
    minSubnormal: 2 ** -16,
    defaults: usual.defaults,
    aliases: { safetensors: 'F8_E5M2', torch: 'float8_e5m2', onnx: 'FLOAT8E5M2', mlDtypes: 'float8_e5m2' },
  }),
  e4m3fnuz: defineFormat({
    ...unsignedZero,
    name: 'e4m3fnuz',
    title: 'E4M3 of AMD MI300 and Graphcore: bias 8, one zero, one NaN',
    exponentBits: 4,
    mantissaBits: 3,
    bias: 8,
    max: 240,
    minNormal: 2 ** -7,
    minSubnormal: 2 ** -10,
    aliases: {
      safetensors: 'F8_E4M3FNUZ',
      torch: 'float8_e4m3fnuz',
      onnx: 'FLOAT8E4M3FNUZ',
      mlDtypes: 'float8_e4m3fnuz',
    },
  }),
  e5m2fnuz: defineFormat({
    ...unsignedZero,
    name: 'e5m2fnuz',
    title: 'E5M2 of AMD MI300 and Graphcore: bias 16, one zero, one NaN',
    exponentBits: 5,
    mantissaBits: 2,
    bias: 16,
    max: 57344,
    minNormal: 2 ** -15,
    minSubnormal: 2 ** -17,
    aliases: {
      safetensors: 'F8_E5M2FNUZ',
      torch: 'float8_e5m2fnuz',
      onnx: 'FLOAT8E5M2FNUZ',
      mlDtypes: 'float8_e5m2fnuz',
    },
  }),
  e4m3b11fnuz: defineFormat({
    ...unsignedZero,
    name: 'e4m3b11fnuz',
    title: 'E4M3 with bias 11, one zero, one NaN: for small numbers',
    exponentBits: 4,
    mantissaBits: 3,
    bias: 11,
    max: 30,
    minNormal: 2 ** -10,
    minSubnormal: 2 ** -13,
    aliases: { mlDtypes: 'float8_e4m3b11fnuz', others: ['float8_e4m3b11'] },
  }),
  e4m3ieee: defineFormat({
    ...ieee,
    name: 'e4m3ieee',
    title: 'E4M3 like IEEE 754, with infinities: not the E4M3 of checkpoints',
    exponentBits: 4,
    mantissaBits: 3,
    bias: 7,
    max: 240,
    minNormal: 2 ** -6,
    minSubnormal: 2 ** -9,
    aliases: { mlDtypes: 'float8_e4m3' },
  }),
  e3m4: defineFormat({
    ...ieee,
    name: 'e3m4',
    title: 'E3M4 like IEEE 754: a narrow range, four mantissa bits',
    exponentBits: 3,
    mantissaBits: 4,
    bias: 3,
    max: 15.5,
    minNormal: 2 ** -2,
    minSubnormal: 2 ** -6,
    aliases: { mlDtypes: 'float8_e3m4' },
  }),
  e8m0: defineFormat({
    ...usual,
    name: 'e8m0',
    title: 'OCP MX E8M0 (UE8M0): powers of two 2^-127 .. 2^127, and NaN; no sign, no zero',
    signBits: 0,
    exponentBits: 8,
    mantissaBits: 0,
    bias: 127,
    max: 2 ** 127,
    minNormal: 2 ** -127,
    minSubnormal: undefined,
    nans: 'all-ones',
    zero: 'none',
    negatives: 'none',
    evenCodes: false,
    defaults: { rounding: 'up', overflow: 'format' },
    aliases: {
      safetensors: 'F8_E8M0',
      torch: 'float8_e8m0fnu',
      onnx: 'FLOAT8E8M0',
      mlDtypes: 'float8_e8m0fnu',
      others: ['ue8m0', 'e8m0fnu'],
    },
  }),
  e2m1: defineFormat({
    ...usual,
    name: 'e2m1',
    title: 'OCP MX FP4 E2M1: finite only',
    exponentBits: 2,
    mantissaBits: 1,
    bias: 1,
    max: 6,
    minNormal: 1,
    minSubnormal: 0.5,
    // Names of the element: files pack two codes into a byte. torch's float4_e2m1fn_x2 names the pair, so it is not here.
    aliases: {
      safetensors: 'F4',
      onnx: 'FLOAT4E2M1',
      mlDtypes: 'float4_e2m1fn',
      others: ['e2m1fn', 'fp4'],
    },
  }),
  e2m3: defineFormat({
    ...usual,
    name: 'e2m3',
    title: 'OCP MX FP6 E2M3: finite only',
    exponentBits: 2,
    mantissaBits: 3,
    bias: 1,
    max: 7.5,
    minNormal: 1,
    minSubnormal: 0.125,
    aliases: { safetensors: 'F6_E2M3', onnx: 'FLOAT6E2M3', mlDtypes: 'float6_e2m3fn', others: ['e2m3fn'] },
  }),
  e3m2: defineFormat({
    ...usual,
    name: 'e3m2',
    title: 'OCP MX FP6 E3M2: finite only',
    exponentBits: 3,
    mantissaBits: 2,
    bias: 3,
    max: 28,
    minNormal: 0.25,
    minSubnormal: 0.0625,
    aliases: { safetensors: 'F6_E3M2', onnx: 'FLOAT6E3M2', mlDtypes: 'float6_e3m2fn', others: ['e3m2fn'] },
  }),
  mxint8: defineFormat({
    ...usual,
    name: 'mxint8',
    title: "OCP MX INT8: two's complement in steps of 1/64, from -2 to 127/64",
    exponentBits: 0,
    mantissaBits: 7,
    bias: 0,
    max: 127 / 64,
    minNormal: 1 / 64,
    minSubnormal: 1 / 64,
    zero: 'unsigned',
    negatives: 'twos-complement',
    aliases: { others: ['mx_int8', 'ocp_int8'] },
  }),
  hif8: defineFormat({
    ...usual,
    name: 'hif8',
    title: 'HiFloat8 of Huawei Ascend: three mantissa bits near 1, fewer farther away',
    layout: 'tapered',
    exponentBits: 4,
    mantissaBits: 3,
    bias: 0,
    max: 32768,
    maxCode: 0x6e,
    minNormal: 2 ** -15,
    minSubnormal: 2 ** -22,
    infinities: true,
    nans: 'negative-zero',
    zero: 'unsigned',
    defaults: { rounding: 'nearest-away', overflow: 'format' },
    aliases: { others: ['hifloat8'] },
  }),
  bf16: defineFormat({
    ...ieee,
    name: 'bf16',
    title: 'bfloat16: the upper half of a float32',
    exponentBits: 8,
    mantissaBits: 7,
    bias: 127,
    max: (2 - 2 ** -7) * 2 ** 127,
    minNormal: 2 ** -126,
    minSubnormal: 2 ** -133,
    aliases: { safetensors: 'BF16', torch: 'bfloat16', onnx: 'BFLOAT16', mlDtypes: 'bfloat16' },
  }),
  f16: defineFormat({
    ...ieee,
    name: 'f16',
    title: 'IEEE 754 binary16',
    exponentBits: 5,
    mantissaBits: 10,
    bias: 15,
    max: 65504,
    minNormal: 2 ** -14,
    minSubnormal: 2 ** -24,
    aliases: {
      safetensors: 'F16',
      torch: 'float16',
      onnx: 'FLOAT16',
      mlDtypes: 'float16',
      others: ['half', 'fp16'],
    },
  }),
})
