/** What a cache holds, and how far it may be from what another backend wrote. */
import { decode, dequantize, encode, quantize, recipes } from '@octoscale/fp8-core'
import type { Backend } from '../backend.ts'
import { decodeFloats } from '../floats.ts'
import { type CacheTensor, cacheShape, isBlockScaled } from '../tensor.ts'
import { readFloat32 } from '../transfer.ts'
import { byteLength, numel } from '../views.ts'
import type { CacheKind } from './case-types.ts'

export interface Output {
  readonly values: ArrayLike<number>
  readonly shape: readonly number[]
}

/** Decoded values by name; of E4M3 also the scales: equal values under other scales are other codes. */
export async function readCache(
  backend: Backend,
  name: string,
  cache: CacheTensor,
): Promise<[string, Output][]> {
  const shape = cacheShape(cache)
  if (!isBlockScaled(cache)) {
    const bytes = await backend.read(cache.buffer, cache.offset, byteLength(cache))
    return [[name, { values: decodeFloats(cache.dtype, bytes), shape }]]
  }
  const { codes, scales, block } = cache
  const bytes = await backend.read(codes.buffer, codes.offset, byteLength(codes))
  const multipliers = await readFloat32(backend, scales)
  const rows: readonly [number, number] = [shape[0]!, numel(shape.slice(1))]
  const recipe = { ...recipes.deepseekActivationUe8m0, block }
  const values = dequantize({ codes: bytes, scales: multipliers, shape: rows, recipe })
  return [
    [name, { values, shape }],
    [`${name} scales`, { values: multipliers, shape: scales.shape }],
  ]
}

/**
 * The outputs of the reference, but where the candidate has another value that is right as well, that one.
 *
 * `exact`: the same rows in f32. A backend whose f32 value is within `slack` of it has done nothing wrong, and where a
 * boundary of the rounding lies between the two, the codes are neighbours. So what is stored must be what some value within
 * `slack` rounds to: in E4M3 in units of the stored scale, which must be what a largest magnitude within `slack` gives.
 * Almost everywhere that is the reference's own value and no other.
 */
export function acceptRounded(
  kind: Exclude<CacheKind, 'f32'>,
  exact: Output,
  reference: ReadonlyMap<string, Output>,
  candidate: ReadonlyMap<string, Output>,
  slack: number,
): Map<string, Output> {
  const [name, scalesName] = [...reference.keys()]
  const ofCandidate = candidate.get(name!)!.values
  const columns = numel(exact.shape.slice(1))
  const group = typeof kind === 'string' ? columns : kind.group
  const groups = Math.ceil(columns / group)
  const scales = scalesName === undefined ? undefined : candidate.get(scalesName)!.values
  const round = (value: number, i: number): number => {
    if (typeof kind === 'string') return decode(encode(value, kind, SATURATE), kind)
    const scale = scales![Math.floor(i / columns) * groups + Math.floor((i % columns) / group)]!
    return decode(encode(value / scale, 'e4m3', SATURATE), 'e4m3') * scale
  }
  const accept = (
    of: Output,
    got: ArrayLike<number>,
    low: (i: number) => number,
    high: (i: number) => number,
  ) => ({
    shape: of.shape,
    values: Float64Array.from(of.values, (value, i) =>
      got[i]! >= low(i) && got[i]! <= high(i) ? got[i]! : value,
    ),
  })
  const v = exact.values
  const accepted = new Map(reference)
  const around = (by: number) => (i: number) => round(v[i]! + by, i)
  accepted.set(name!, accept(reference.get(name!)!, ofCandidate, around(-slack), around(slack)))
  if (scales === undefined) return accepted
  const scaleOf = (by: number) => (g: number) => {
    const start = Math.floor(g / groups) * columns + (g % groups) * group
    const end = Math.min(start + group, (Math.floor(g / groups) + 1) * columns)
    let amax = 0
    for (let i = start; i < end; i++) amax = Math.max(amax, Math.abs(v[i]!))
    return quantize(Float32Array.of(amax + by), [1, 1], recipes.deepseekActivationUe8m0).scales[0]!
  }
  accepted.set(scalesName!, accept(reference.get(scalesName!)!, scales, scaleOf(-slack), scaleOf(slack)))
  return accepted
}

const SATURATE = { overflow: 'saturate' } as const
