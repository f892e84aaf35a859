import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesName } from './name-pattern.ts'

const meaning: Readonly<Record<string, string>> = { '*': '.*', '?': '.', '.': '\\.' }

test('agrees with a regular expression', () => {
  const character = fc.constantFrom('a', 'b', '.')
  const name = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''))
  const pattern = fc.array(fc.oneof(character, fc.constantFrom('*', '?')), { maxLength: 8 })
  fc.assert(
    fc.property(name, pattern, (text, parts) => {
      const source = parts.map((part) => meaning[part] ?? part).join('')
      expect(matchesName(text, parts.join(''))).toBe(new RegExp(`^${source}$`).test(text))
    }),
    { numRuns: 3000 },
  )
})

test('a pattern of many stars takes no exponential time', () => {
  const start = performance.now()
  expect(matchesName('a'.repeat(255), `${'*a'.repeat(49)}*b`)).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
