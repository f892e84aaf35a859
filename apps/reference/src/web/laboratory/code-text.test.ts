import { formats } from '@octoscale/fp8-core'
import { expect, test } from 'vitest'
import { codeText } from './code-text.ts'
import { describeRounding } from './describe-rounding.ts'
import { parseNumber } from './parse-number.ts'
import { optionsFor } from './rounding-words.ts'
import { choices } from './url-state.ts'

test.each(Object.values(formats))('$name: the text of a code shows the code, with every option', (format) => {
  const step = format.bits > 8 ? 97 : 1
  for (const rounding of choices.rounding) {
    for (const overflow of choices.overflow) {
      const options = optionsFor(format, { rounding, overflow })
      for (let code = 0; code < 2 ** format.bits; code += step) {
        const shown = describeRounding(parseNumber(codeText(code, format, options)), format, options)
        if (shown.rounded?.code !== code) expect([code, shown.rounded?.code]).toEqual([code, code])
      }
    }
  }
})

test('a number where it says enough, else the code', () => {
  expect(codeText(0x2a, formats.e4m3, {})).toBe('0.3125')
  expect(codeText(0x80, formats.e4m3, {})).toBe('-0')
  expect(codeText(0xff, formats.e4m3, {})).toBe('e4m3:0xff')
  expect(codeText(0x80, formats.e4m3fnuz, {})).toBe('nan')
  expect(codeText(0x80, formats.mxint8, {})).toBe('-2')
  expect(codeText(0x7c, formats.e5m2, {})).toBe('e5m2:0x7c')
  expect(codeText(0x7c, formats.e5m2, { overflow: 'format' })).toBe('inf')
})
