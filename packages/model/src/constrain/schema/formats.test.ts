/**
 * Formats against others' judgement, beside that of the JSON Schema Test Suite (`schema-suite.test.ts`).
 *
 * Mutations seen red: one group more before an IPv4 address, one digit behind a percent sign.
 */
import { isIPv6 } from 'node:net'
import { expect, test } from 'vitest'
import { randomNumbers } from '../testing/walks.ts'
import { FORMATS } from './formats.ts'

const matches = (format: string): ((text: string) => boolean) => {
  const expression = new RegExp(`^(?:${FORMATS[format]})$`, 'u')
  return (text) => expression.test(text)
}

test('ipv6 is what Node takes for one', () => {
  const random = randomNumbers(1)
  const below = (limit: number): number => Math.floor(random() * limit)
  const isOurs = matches('ipv6')
  let valid = 0
  for (let i = 0; i < 30_000; i++) {
    const part = (): string => (below(8) === 0 ? '' : below(16 ** (1 + below(4))).toString(16))
    let text = Array.from({ length: 1 + below(9) }, part).join(':')
    if (below(3) === 0) text += ':1.2.3.4'
    if (below(3) === 0) text = text.replace(/:[0-9a-f]*:/, '::')
    expect(isOurs(text), text).toBe(isIPv6(text))
    if (isIPv6(text)) valid++
  }
  expect(valid).toBeGreaterThan(5000)
})

test('uri is what RFC 3986 says', () => {
  const isUri = matches('uri')
  // Section 1.1.2, and some more.
  for (const text of [
    'ftp://ftp.is.co.za/rfc/rfc1808.txt',
    'http://www.ietf.org/rfc/rfc2396.txt',
    'ldap://[2001:db8::7]/c=GB?objectClass?one',
    'mailto:John.Doe@example.com',
    'news:comp.infosystems.www.servers.unix',
    'tel:+1-816-555-1212',
    'telnet://192.0.2.16:80/',
    'urn:oasis:names:specification:docbook:dtd:xml:4.1.2',
    'file:///etc/hosts',
    'http://example.org/a%20b?q=%C3%A9#%2F',
  ]) {
    expect(isUri(text), text).toBe(true)
  }
  for (const text of [
    '',
    '//a',
    'a b:c',
    'http://a b',
    'http://a/%2',
    'http://[::1',
    '1a:b',
    'a:b#c#d',
    'http://a/é',
  ]) {
    expect(isUri(text), text).toBe(false)
  }
})
