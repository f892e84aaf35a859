/**
 * The encoders of blocks, by a table and one by one, against `encode` of the float32 quotient.
 *
 * Mutations seen red: the quotient left in float64 where there is no table; bits cut away ignored; -2 written by a
 * table or without one; an inverse that may be Infinity; multiplication by the inverse of any scale; ties of HiF8 to
 * even; overflow that does not saturate.
 */
import { describe, expect, it } from 'vitest'
import { formats } from '../formats/formats.ts'
import { decode } from '../scalar/decode.ts'
import { encoder as encodeRule } from '../scalar/encode.ts'
import { ladderOf } from '../scalar/ladder.ts'
import { type BlockEncoder, blockEncoder } from './block-encoder.ts'

const infos = Object.values(formats).filter(({ bits, zero }) => bits <= 8 && zero !== 'none')
const scales = Float32Array.from([1, 2 ** -127, 0.7, 1 / 3, 1.1, 123.4, 2 ** 20, 2 ** -135])

describe.each(infos)('$name', (info) => {
  // The first one is made while there is no table.
  const encoders: [string, BlockEncoder][] = (['divide', 'reciprocal'] as const).map((division) => [
    `${division} few`,
    blockEncoder(info, division, 0),
  ])
  encoders.push(['divide many', blockEncoder(info, 'divide', 2 ** 20)])
  encoders.push(['reciprocal many', blockEncoder(info, 'reciprocal', 0)])
  const encodeOne = encodeRule(info, { rounding: 'nearest' })
  const { magnitudes, last } = ladderOf(info)
  // Values and midpoints, and the quotients next to them on both sides.
  const quotients = [...magnitudes.subarray(0, last + 2)].flatMap((magnitude, rank) => {
    const middle = (magnitude + (magnitudes[rank + 1] ?? magnitude)) / 2
    return [magnitude, middle].flatMap((x) =>
      [1, 1 - 2 ** -23, 1 + 2 ** -23, -1, 2 ** -23 - 1].map((f) => f * x),
    )
  })

  it.each(encoders)('%s', (name, encoder) => {
    for (const scale of scales) {
      const values = Float32Array.from(quotients, (quotient) => quotient * scale)
      const codes = new Uint8Array(values.length)
      encoder.encode(values, 0, values.length, scale, codes)
      const inverse = Math.min(Math.fround(1 / scale), (2 - 2 ** -23) * 2 ** 127)
      const expected = Uint8Array.from(values, (value) => {
        const quotient = Math.fround(name.startsWith('divide') ? value / scale : value * inverse)
        const bounded = Math.min(Math.max(quotient, -info.max), info.max)
        return encodeOne(bounded)
      })
      expect(codes).toEqual(expected)
      const errors = values.map((_, i) => encoder.squaredError(values, i, i + 1, scale))
      expect(errors).toEqual(values.map((value, i) => (value - decode(codes[i]!, info) * scale) ** 2))
    }
  })
})

it('leaves numbers and codes outside the run alone', () => {
  const codes = new Uint8Array(5).fill(9)
  blockEncoder(formats.e4m3, 'divide', 5).encode(new Float32Array(5).fill(1), 1, 3, 1, codes)
  expect([...codes]).toEqual([9, 0x38, 0x38, 9, 9])
})
