/** Formats in groups, so that a person finds one among many. */
import { type FormatName, formatInfo, formats, type NumberFormat } from '@octoscale/fp8-core'

export const groups = ['fp8', 'narrow', 'scales', 'sixteen', 'others'] as const
export type FormatGroup = (typeof groups)[number]

export const groupWords: Readonly<Record<FormatGroup, string>> = {
  fp8: 'FP8',
  narrow: 'FP6 and FP4',
  scales: 'Scales',
  sixteen: '16 bits',
  others: 'INT8, P3109',
}

const groupOfName: Readonly<Record<FormatName, FormatGroup>> = {
  e4m3: 'fp8',
  e5m2: 'fp8',
  e4m3fnuz: 'fp8',
  e5m2fnuz: 'fp8',
  e4m3b11fnuz: 'fp8',
  e4m3ieee: 'fp8',
  e3m4: 'fp8',
  hif8: 'fp8',
  e2m1: 'narrow',
  e2m3: 'narrow',
  e3m2: 'narrow',
  e8m0: 'scales',
  bf16: 'sixteen',
  f16: 'sixteen',
  mxint8: 'others',
}

/** The formats of fp8-core's table in a group, in the order of the table. */
export function formatsOf(group: FormatGroup): NumberFormat[] {
  return (Object.keys(groupOfName) as FormatName[])
    .filter((name) => groupOfName[name] === group)
    .map((name) => formats[name])
}

/** The format of IEEE P3109 with this name; `undefined` for every other text. */
export function p3109Named(text: string): NumberFormat | undefined {
  const name = text.trim().toLowerCase()
  if (!name.startsWith('p3109_')) return undefined
  try {
    return formatInfo(name)
  } catch {
    // The only thing that a name can be is unknown.
    return undefined
  }
}
