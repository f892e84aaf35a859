import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseArguments } from './parse-arguments.ts'

test('any object is read as it is, however it is wrapped', () => {
  const names = fc.string().filter((name) => name !== '__proto__')
  const object = fc.dictionary(names, fc.jsonValue({ maxDepth: 3 }), { noNullPrototype: true })
  fc.assert(
    fc.property(object, (input) => {
      const text = JSON.stringify(input)
      fc.pre(!text.includes('__proto__'))
      const parsed = { ok: true, input: JSON.parse(text) }
      for (const written of [
        text,
        ` ${text}\n`,
        `\`\`\`json\n${text}\n\`\`\``,
        `\`\`\`${text}\`\`\``,
        JSON.stringify(text),
      ]) {
        expect(parseArguments(written)).toEqual(parsed)
      }
    }),
  )
})

test('any text gives an object or a reason, and never throws', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const parsed = parseArguments(text)
      if (parsed.ok) expect(typeof parsed.input).toBe('object')
      else expect(parsed.problem).not.toBe('')
    }),
  )
})

describe('refused', () => {
  test.each([
    ['a number', '5', 'they must be one JSON object, got 5'],
    ['a list', '[]', 'they must be one JSON object, got a list of 0'],
    ['encoded three times', JSON.stringify(JSON.stringify('{}')), 'they must be one JSON object, got "{}"'],
    ['a hidden name', '{"\\u005f_proto__":1}', 'the name "__proto__" is not allowed'],
    ['a name in a list', '{"a":[{"__proto__":1}]}', 'the name "__proto__" is not allowed'],
    ['depth', `{"a":${'['.repeat(70)}${']'.repeat(70)}}`, 'they are nested more than 64 levels deep'],
    ['length', `{"a":"${'x'.repeat(300_000)}"}`, 'they have 300008 characters, at most 262144 are allowed'],
  ])('%s', (_, text, problem) => {
    expect(parseArguments(text)).toEqual({ ok: false, problem })
  })

  test('depth that overflows stacks', () => {
    expect(parseArguments(`{"a":${'['.repeat(120_000)}${']'.repeat(120_000)}}`).ok).toBe(false)
  })
})
