/** The same golden data as in Node: a browser's numbers are the same numbers. */
import { expect, test } from 'vitest'
import { values } from './decode.ts'
import { encode } from './encode.ts'
import { type FormatName, formats } from './formats.ts'
import golden from './golden/codes.json' with { type: 'json' }

const names = Object.keys(formats) as FormatName[]

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
  expect(hex).toBe(golden.data[name].float32Sha256)
})

test.each(names)('%s: every number encodes in a browser to its own code', (name) => {
  const wrong = [...values(name)]
    .map((value, code) => ({ value, code }))
    .filter(({ value, code }) => !Number.isNaN(value) && encode(value, name, { overflow: 'format' }) !== code)
  expect(wrong).toEqual([])
})
