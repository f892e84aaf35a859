import { decode, formats } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { formatNotes } from './format-notes.ts'

test('nothing to say of formats that are read like IEEE 754', () => {
  for (const name of ['e4m3', 'e5m2', 'e4m3ieee', 'e3m4', 'e2m1', 'bf16', 'f16'] as const) {
    expect(formatNotes(formats[name])).toEqual([])
  }
})

test('where NaN has the place of -0, the note names its code', () => {
  for (const name of ['e4m3fnuz', 'e5m2fnuz', 'e4m3b11fnuz', 'hif8'] as const) {
    const code = /0x[0-9a-f]+/.exec(formatNotes(formats[name]).at(-1)!)![0]
    expect(decode(Number(code), name)).toBe(NaN)
  }
})

test('the powers of two of HiF8, and the steps of INT8', () => {
  expect(formatNotes(formats.hif8)[0]).toContain('2^−22 to 2^−16')
  expect(formatNotes(formats.mxint8)[0]).toMatch(/divided by 64.*worth −2,/)
  expect(formatNotes(formats.e8m0)).toEqual(['Powers of two only: no zero, no sign, no mantissa.'])
})
