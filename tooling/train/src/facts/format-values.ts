/** Values of the element formats that the facts are made of. */
export interface FormatValues {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly bits: number;
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  readonly max: string;
  readonly minNormal: string;
  readonly minSubnormal?: string;
  readonly infinity: string;
  readonly nan: string;
  /** Only answered for the formats people ask about most. */
  readonly finite?: number;
}

export const formatValues: readonly FormatValues[] = [
  { id: 'E4M3', aliases: ['E4M3', 'FP8 E4M3', 'e4m3', 'E4M3FN', 'float8_e4m3fn'], bits: 8, exponentBits: 4, mantissaBits: 3, bias: 7, max: '448', minNormal: '2^-6', minSubnormal: '2^-9', infinity: 'no', nan: '2', finite: 253 },
  { id: 'E5M2', aliases: ['E5M2', 'FP8 E5M2', 'e5m2', 'float8_e5m2'], bits: 8, exponentBits: 5, mantissaBits: 2, bias: 15, max: '57344', minNormal: '2^-14', minSubnormal: '2^-16', infinity: 'yes', nan: '6', finite: 247 },
  { id: 'E4M3FNUZ', aliases: ['E4M3FNUZ', 'e4m3fnuz', 'float8_e4m3fnuz'], bits: 8, exponentBits: 4, mantissaBits: 3, bias: 8, max: '240', minNormal: '2^-7', minSubnormal: '2^-10', infinity: 'no', nan: '1', finite: 255 },
  { id: 'E5M2FNUZ', aliases: ['E5M2FNUZ', 'e5m2fnuz', 'float8_e5m2fnuz'], bits: 8, exponentBits: 5, mantissaBits: 2, bias: 16, max: '57344', minNormal: '2^-15', minSubnormal: '2^-17', infinity: 'no', nan: '1', finite: 255 },
  { id: 'E2M1', aliases: ['E2M1', 'FP4 E2M1', 'FP4', 'e2m1'], bits: 4, exponentBits: 2, mantissaBits: 1, bias: 1, max: '6', minNormal: '1', minSubnormal: '0.5', infinity: 'no', nan: '0', finite: 15 },
  { id: 'E2M3', aliases: ['E2M3', 'FP6 E2M3', 'e2m3'], bits: 6, exponentBits: 2, mantissaBits: 3, bias: 1, max: '7.5', minNormal: '1', minSubnormal: '0.125', infinity: 'no', nan: '0' },
  { id: 'E3M2', aliases: ['E3M2', 'FP6 E3M2', 'e3m2'], bits: 6, exponentBits: 3, mantissaBits: 2, bias: 3, max: '28', minNormal: '0.25', minSubnormal: '0.0625', infinity: 'no', nan: '0' },
  { id: 'E8M0', aliases: ['E8M0', 'UE8M0', 'e8m0', 'ue8m0', 'E8M0FNU'], bits: 8, exponentBits: 8, mantissaBits: 0, bias: 127, max: '2^127', minNormal: '2^-127', infinity: 'no', nan: '1', finite: 255 },
  { id: 'BF16', aliases: ['BF16', 'bf16', 'bfloat16'], bits: 16, exponentBits: 8, mantissaBits: 7, bias: 127, max: '3.39e38', minNormal: '2^-126', minSubnormal: '2^-133', infinity: 'yes', nan: '254' },
  { id: 'FP16', aliases: ['FP16', 'fp16', 'float16', 'F16'], bits: 16, exponentBits: 5, mantissaBits: 10, bias: 15, max: '65504', minNormal: '2^-14', minSubnormal: '2^-24', infinity: 'yes', nan: '2046' },
  { id: 'FP32', aliases: ['FP32', 'fp32', 'float32', 'F32'], bits: 32, exponentBits: 8, mantissaBits: 23, bias: 127, max: '3.4e38', minNormal: '2^-126', minSubnormal: '2^-149', infinity: 'yes', nan: '16777214' },
];
