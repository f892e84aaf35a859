/** Mutations seen red: a table for random rounding; `infinity` left out of the key of the cache. */
import { describe, expect, it } from 'vitest'
import { ArgumentError } from '../errors.ts'
import { formats } from '../formats/formats.ts'
import { firstDifferences } from '../golden-file.ts'
import { decode } from '../scalar/decode.ts'
import { type EncodeOptions, encode, encoder } from '../scalar/encode.ts'
import { convertArray } from './convert-array.ts'
import { decodeTable64 } from './decode-table.ts'

const rows = Object.values(formats)
const rules: EncodeOptions[] = [{}, { rounding: 'down', overflow: 'format' }, { infinity: 'format' }]

describe.each(rows)('all codes of $name', (from) => {
  it.each(rows)('to $name as decode and encode', (to) => {
    const all = Array.from(decodeTable64(from).keys()).filter(
      (code) => to.nanCode !== undefined || !Number.isNaN(decodeTable64(from)[code]),
    )
    const codes = from.bits > 8 ? Uint16Array.from(all) : Uint8Array.from(all)
    for (const rule of rules) {
      const encodeOne = encoder(to, rule)
      const expected = all.map((code) => encodeOne(decodeTable64(from)[code]!))
      // Once as they are; then so many that the table is made.
      expect(firstDifferences(convertArray(codes, from, to, undefined, rule), expected)).toEqual([])
      expect(firstDifferences(convertArray(codes, from, to, undefined, rule), expected)).toEqual([])
    }
  })
})

// More codes than a table has entries, so that one would be made if any were.
it('draws anew for each code when rounding at random', () => {
  const codes = new Uint16Array(70_000).fill(0x3f81)
  const converted = convertArray(codes, 'bf16', 'e4m3', undefined, { rounding: 'stochastic' })
  expect(new Set(converted)).toEqual(new Set([0x38, 0x39]))
})

it('reads options once: an object that changes its mind does not spoil the table of others', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code)
  let asked = 0
  const fickle = {
    get rounding() {
      return asked++ === 0 ? ('up' as const) : ('down' as const)
    },
  }
  convertArray(codes, 'e4m3', 'e5m2fnuz', undefined, fickle)
  const honest = [...codes].map((code) => encode(decode(code, 'e4m3'), 'e5m2fnuz', { rounding: 'down' }))
  expect([...convertArray(codes, 'e4m3', 'e5m2fnuz', undefined, { rounding: 'down' })]).toEqual(honest)
})

it('refuses options that are no object', () => {
  const wrong = 'up' as unknown as { rounding: 'up' }
  expect(() => convertArray(new Uint8Array(1), 'e4m3', 'e5m2', undefined, wrong)).toThrow(ArgumentError)
  expect(() => encode(1, 'e4m3', wrong)).toThrow("options must be an object, got 'up'")
})
