/** The same golden data as in Node: a browser's numbers are the same numbers. */
import { expect, test } from 'vitest'
import { formatInfo } from './formats/format-info.ts'
import { formats } from './formats/formats.ts'
import golden from './golden/codes.json' with { type: 'json' }
import { values } from './scalar/decode.ts'
import { encode } from './scalar/encode.ts'

const data: Readonly<Record<string, { float32Sha256: string }>> = golden.data
const names = Object.keys(data)

test('there is golden data of every format of the table', () => {
  expect(names).toEqual(expect.arrayContaining(Object.keys(formats)))
})

/** float32 bytes, every NaN as the golden file has it: JavaScript does not say which NaN it writes. */
function float32Bytes(numbers: Iterable<number>): Uint8Array<ArrayBuffer> {
  const floats = Float32Array.from(numbers)
  const bits = new Uint32Array(floats.buffer)
  floats.forEach((value, i) => {
    if (Number.isNaN(value)) bits[i] = 0x7fc00000
  })
  return new Uint8Array(floats.buffer)
}

test.each(names)('%s: every code decodes in a browser to the golden float32', async (name) => {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', float32Bytes(values(name))))
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  expect(hex).toBe(data[name]!.float32Sha256)
})

test.each(names)('%s: every number encodes in a browser to its own code', (name) => {
  const row = formatInfo(name)
  const wrong = [...values(row)]
    .map((value, code) => ({ value, code }))
    .filter(({ value, code }) => !Number.isNaN(value) && encode(value, row, { overflow: 'format' }) !== code)
  expect(wrong).toEqual([])
})

test.each(names)('%s: midpoints of neighbours go in a browser to the even code', (name) => {
  const row = formatInfo(name)
  const ascending = Array.from(values(row))
    .filter((value) => value >= 0 && value < Infinity && !Object.is(value, -0))
    .sort((a, b) => a - b)
  const wrong = ascending.slice(1).filter((upper, i) => {
    const code = encode((upper + ascending[i]!) / 2, row, { rounding: 'nearest-even' })
    // E8M0 has no even significand, its ties go up.
    return row.evenCodes ? code % 2 !== 0 : code !== encode(upper, row)
  })
  expect(wrong).toEqual([])
})
