/**
 * All 65,536 f16 and all 65,536 bf16 numbers, decoded by us, to the nearest of every format. The reference is exact
 * arithmetic; f16 and bf16 are exact in float32, so that the peers round once here and agree.
 *
 * Mutations seen red: ties up; subnormals flushed; E8M0 below 2^-127 as NaN.
 */
import { describe, expect, it } from 'vitest'
import { decodeArray } from '../bulk/arrays.ts'
import { formatInfo } from '../formats/format-info.ts'
import { differences, golden, sha256 } from '../golden-file.ts'
import { encoder } from './encode.ts'

type Runs = readonly (readonly [length: number, code: number])[]
/** `peers`: "agrees", or what the peer says. */
type Target = { codesSha256: string; peers: Record<string, 'agrees' | Runs> }
const data = golden<Record<string, Record<string, Target>>>('sixteen-bit.json')

describe.each(['f16', 'bf16'])('from %s', (source) => {
  const sourceCodes = Uint16Array.from({ length: 65_536 }, (_, code) => code)
  // NaN has its own tests; the script, too, replaced it by 0.
  const inputs = decodeArray(sourceCodes, source).map((value) => (Number.isNaN(value) ? 0 : value))

  const codesOf = (target: string) => {
    const encodeOne = encoder(formatInfo(target), { rounding: 'nearest', overflow: 'format' })
    const codes = formatInfo(target).bits > 8 ? new Uint16Array(65_536) : new Uint8Array(65_536)
    for (const [i, x] of inputs.entries()) codes[i] = encodeOne(x)
    return codes
  }

  it.each(Object.keys(data[source]!))('to %s as exact arithmetic', (target) => {
    expect(sha256(codesOf(target))).toBe(data[source]![target]!.codesSha256)
  })

  it('as all peers, but for E8M0', () => {
    const disagreeing = Object.entries(data[source]!).filter(([, { peers }]) =>
      Object.values(peers).some((said) => said !== 'agrees'),
    )
    expect(disagreeing.map(([target]) => target)).toEqual(['e8m0'])
    const told = data[source]!
    expect(Object.keys(told.e4m3!.peers)).toEqual([
      'ml_dtypes format',
      'torch saturate',
      'onnx saturate',
      'onnx format',
      'gfloat saturate',
      'gfloat format',
    ])
    expect(Object.keys(told.hif8!.peers)).toEqual(['en_dtypes format'])
  })

  it('to e8m0 as torch, ONNX and ml_dtypes, except where they are wrong or choose otherwise', () => {
    const encoded = codesOf('e8m0')
    const { peers } = data[source]!.e8m0!
    const unlike = (peer: string) => differences(encoded, expand(peers[peer]!)).map((i) => inputs[i]!)
    // All send all of (2^-127, 2^-126) up, although the lower half is nearer to 2^-127; only bf16 has such numbers.
    const wrong = (x: number) => x > 2 ** -127 && x < 1.5 * 2 ** -127
    // Below 2^-127 everything is E8M0's least value for us; ml_dtypes makes NaN of what it would round to zero.
    const least = (x: number) => x >= 0 && x < 2 ** -127
    expect(unlike('ml_dtypes format').filter((x) => !wrong(x) && !least(x))).toEqual([])
    // torch and ONNX drop the sign of negative values, which have no meaning as scales.
    for (const peer of ['torch format', 'onnx format']) {
      expect(unlike(peer).filter((x) => !wrong(x) && !(x < 0))).toEqual([])
      // The exceptions are there: 31 bf16 numbers lie in that half binade, and no f16.
      expect(unlike(peer).filter(wrong)).toHaveLength(source === 'bf16' ? 31 : 0)
    }
  })
})

function expand(runs: 'agrees' | Runs): Uint8Array {
  const codes = new Uint8Array(65_536)
  let at = 0
  for (const [length, code] of runs as Runs) {
    codes.fill(code, at, at + length)
    at += length
  }
  expect(at).toBe(65_536)
  return codes
}
