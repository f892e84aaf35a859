/**
 * All 65,536 f16 and all 65,536 bf16 numbers, decoded by us, into every small format.
 * f16 and bf16 are exact in float32, so that the peers round once here and are a reference for E4M3 .. E3M2.
 */
import { describe, expect, it } from 'vitest'
import { decodeArray, encodeArray } from './arrays.ts'
import type { FormatName } from './formats.ts'
import { differences, firstDifferences, golden } from './golden-file.ts'

type Runs = [length: number, code: number][]
type Target = Exclude<FormatName, 'f16' | 'bf16'>
type Peers = { ml_dtypes: Runs; torch?: Runs }
const data = golden<Record<string, Record<Target, Peers>>>('sixteen-bit.json')

describe.each(['f16', 'bf16'] as const)('from %s', (source) => {
  const codes = Uint16Array.from({ length: 65_536 }, (_, code) => code)
  // NaN has its own tests; the script, too, replaced it by 0.
  const inputs = decodeArray(codes, source).map((value) => (Number.isNaN(value) ? 0 : value))

  it.each(['e4m3', 'e5m2', 'e2m1', 'e2m3', 'e3m2'] as const)('to %s as ml_dtypes', (target) => {
    const encoded = encodeArray(inputs, target, undefined, { overflow: 'format' })
    expect(firstDifferences(encoded, expand(data[source]![target].ml_dtypes))).toEqual([])
  })

  it.each([
    ['e4m3', 'saturate'],
    ['e5m2', 'format'],
  ] as const)('to %s as torch, whose overflow is %s', (target, overflow) => {
    const encoded = encodeArray(inputs, target, undefined, { overflow })
    expect(firstDifferences(encoded, expand(data[source]![target].torch!))).toEqual([])
  })

  it('to e8m0 as torch and ml_dtypes, except where they are wrong or choose otherwise', () => {
    const encoded = encodeArray(inputs, 'e8m0', undefined, { rounding: 'nearest' })
    const { ml_dtypes, torch } = data[source]!.e8m0
    // Both send all of (2^-127, 2^-126) up, although the lower half is nearer to 2^-127; only bf16 has such numbers.
    const wrong = (x: number) => x > 2 ** -127 && x < 1.5 * 2 ** -127
    // Below 2^-127 everything is E8M0's least value for us; ml_dtypes makes NaN of what it would round to zero.
    const least = (x: number) => x >= 0 && x < 2 ** -127
    const unlikeMlDtypes = differences(encoded, expand(ml_dtypes)).map((i) => inputs[i]!)
    expect(unlikeMlDtypes.filter((x) => !wrong(x) && !least(x))).toEqual([])
    // torch drops the sign of negative values, which have no meaning as scales.
    const unlikeTorch = differences(encoded, expand(torch!)).map((i) => inputs[i]!)
    expect(unlikeTorch.filter((x) => !wrong(x) && !(x < 0))).toEqual([])
    // The exceptions are there: 31 bf16 numbers lie in that half binade, and no f16.
    expect(unlikeTorch.filter(wrong)).toHaveLength(source === 'bf16' ? 31 : 0)
  })
})

function expand(runs: Runs): Uint8Array {
  const codes = new Uint8Array(65_536)
  let at = 0
  for (const [length, code] of runs) {
    codes.fill(code, at, at + length)
    at += length
  }
  expect(at).toBe(65_536)
  return codes
}
