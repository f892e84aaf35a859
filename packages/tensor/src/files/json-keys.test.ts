import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findKeyProblem, printable } from './json-keys.ts'

test('no problem in any JSON text that JSON.stringify writes', () => {
  const values = fc.jsonValue({ maxDepth: 6, stringUnit: 'binary' })
  fc.assert(
    fc.property(
      values,
      fc.nat(3),
      (value, space) => findKeyProblem(JSON.stringify(value, null, space)) === undefined,
    ),
    { numRuns: 500 },
  )
})

test('a key that occurs twice in one object is found, wherever it is', () => {
  const key = fc.string({ unit: 'binary' })
  const value = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' }).map((v) => JSON.stringify(v))
  fc.assert(
    fc.property(key, value, value, value, (name, a, b, c) => {
      const quoted = JSON.stringify(name)
      // The second time every unit is written as an escape.
      const escaped = `"${[...Array(name.length).keys()].map((i) => `\\u${name.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`
      const text = `{"outer": [${c}, {${quoted}: ${a} , ${escaped}\n:${b}}]}`
      return findKeyProblem(text) === `has the key ${printable(name)} twice`
    }),
  )
})

test('the same key in different objects is no problem', () => {
  expect(findKeyProblem('{"a":{"a":[{"a":1},{"a":2}]}}')).toBeUndefined()
})

test('strings that look like keys are none', () => {
  expect(findKeyProblem('["a","a",{"b":"a:","c":"{\\"b\\":"}]')).toBeUndefined()
})

test('it ends on any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]":,\\ua0 ') }), (text) => {
      try {
        findKeyProblem(text)
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError)
      }
    }),
    { numRuns: 2000 },
  )
})

test.each([
  ['objects', `[${'{},'.repeat(10_000_000)}0]`, 'has more than 10000000 objects, arrays and keys'],
  ['keys', manyKeys(2_000_001), 'has an object of more than 2000000 keys'],
  ['no more keys than allowed', manyKeys(2_000_000), undefined],
])('what would take gigabytes to parse: %s', (_, text, problem) => {
  expect(findKeyProblem(text)).toBe(problem)
})

function manyKeys(count: number): string {
  return `{${Array.from({ length: count }, (_, i) => `"k${i}":0`).join(',')}}`
}
