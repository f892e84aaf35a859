/** The judge of the tests: ajv, with formats that are checked in other ways than ours. */
import { isIPv4, isIPv6 } from 'node:net'
import { Ajv2020 } from 'ajv/dist/2020.js'

function isDate(text: string): boolean {
  const time = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(`${text}T`)
}

export function validator(schema: object | boolean): (value: unknown) => boolean {
  const ajv = new Ajv2020({
    strict: false,
    multipleOfPrecision: 6,
    formats: {
      date: isDate,
      'date-time': (text) =>
        isDate(text.slice(0, 10)) &&
        text[10] === 'T' &&
        !Number.isNaN(Date.parse(text)) &&
        text.slice(11, 13) !== '24',
      uuid: (text) =>
        text.replaceAll('-', '').length === 32 && !Number.isNaN(Number(`0x${text.replaceAll('-', '')}`)),
      ipv4: isIPv4,
      ipv6: isIPv6,
      email: (text) => text.split('@').length === 2 && URL.canParse(`mailto:${text}`) && !text.endsWith('@'),
    },
  })
  const validate = ajv.compile(schema)
  return (value) => validate(value) === true
}
