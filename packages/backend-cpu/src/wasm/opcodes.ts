/** The numbers of `assembly/descriptor.ts` and `assembly/indices.ts`, and what they are called in errors. */
import type { OpName } from '@octoscale/tensor'

export const opcodes = {
  jump: 0,
  fence: 1,
  copy: 2,
  embed: 3,
  rmsNorm: 4,
  linear: 5,
  rope: 6,
  writeLatent: 7,
  absorbQuery: 8,
  latentAttend: 9,
  latentOutput: 10,
  writeKv: 11,
  attention: 12,
  selectExperts: 13,
  moeGroup: 14,
  moeInner: 15,
  moeOuter: 16,
  moeCombine: 17,
  siluMul: 18,
  add: 19,
  concat: 20,
  selectRows: 21,
  recode: 22,
  quantize: 23,
  round: 24,
  latentExpand: 25,
  sumCodes: 26,
} as const

/** The operations that look at index tensors. */
export const opNames: Readonly<Record<number, OpName>> = {
  [opcodes.embed]: 'embed',
  [opcodes.rope]: 'rope',
  [opcodes.writeLatent]: 'writeLatent',
  [opcodes.latentAttend]: 'latentAttention',
  [opcodes.latentExpand]: 'latentAttention',
  [opcodes.writeKv]: 'writeKv',
  [opcodes.attention]: 'attention',
  [opcodes.moeGroup]: 'moe',
  [opcodes.selectRows]: 'selectRows',
}

export const indexTensors: readonly string[] = [
  'ids',
  'positions',
  'rows',
  'indices',
  'paging.sequences',
  'paging.pages',
]
