import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { callTool } from '../testing/call-tool.ts'
import { calculator } from './calculator.ts'
import { evaluateExpression } from './evaluate.ts'
import { ExpressionError } from './expression-error.ts'
import { asNumber } from './value.ts'

const tool = calculator()
const calculate = (expression: string): Promise<string> => callTool(tool, { expression })

describe('values', () => {
  test.each([
    ['12*7', '84'],
    ['(3 + 4) * 12', '84'],
    ['7/2', '3.5'],
    ['10 % 3', '1'],
    ['5 % -3', '2'],
    ['-7 % 3', '-1'],
    ['- -2', '2'],
    ['2 - -3', '5'],
    ['sqrt(144)', '12'],
    ['Sqrt(2)^2', '2'],
    ['abs(-5)', '5'],
    ['min(3, 1, 2)', '1'],
    ['max(1, 2.5, 2)', '2.5'],
    ['floor(-1.5)', '-2'],
    ['ceil(1.2)', '2'],
    ['trunc(-1.5)', '-1'],
    ['log(8, 2)', '3'],
    ['log10(1000)', '3'],
    ['ln(e)', '1'],
    ['exp(0)', '1'],
    ['cos(0)', '1'],
    ['2*pi', '6.28318530717959'],
    ['1/3', '0.333333333333333'],
    ['1e3 + 1.5e-1', '1000.15'],
    ['.5 + 5.', '5.5'],
    ['3 × 4 ÷ 2 − 1', '5'],
    ['12*7 = ?', '84'],
    ['-0', '0'],
  ])('%s is %s', async (expression, value) => {
    expect(await calculate(expression)).toBe(value)
  })
})

describe('what floating point gets wrong', () => {
  test.each([
    ['0.1 + 0.2', '0.3'],
    ['0.1 * 3 - 0.3', '0'],
    ['1 / 7 * 7', '1'],
    ['9007199254740993 + 2', '9007199254740995'],
    ['2^100', '1267650600228229401496703205376'],
    ['123456789 * 987654321 * 1000003', '121932996910528606905807'],
    ['round(1.005, 2)', '1.01'],
    ['round(2.5)', '3'],
    ['round(-2.5)', '-3'],
    ['round(1234, -2)', '1200'],
    ['sin(pi)', '0'],
    ['1/1024', '0.0009765625'],
  ])('%s is %s', async (expression, value) => {
    expect(await calculate(expression)).toBe(value)
  })
})

describe('signs and powers', () => {
  test.each([
    ['-2^2', '-4'],
    ['(-2)^2', '4'],
    ['2^3^2', '512'],
    ['2^-3^2', '0.001953125'],
    ['2**0.5', '1.4142135623731'],
    ['-2^-2', '-0.25'],
    ['3 * -2^2', '-12'],
    ['(1)^(2)', '1'],
    ['1^99999999999', '1'],
    ['(-1)^99999999999', '-1'],
    ['1^(10^300)', '1'],
    ['0^0', '1'],
    ['2^2047 / 2^2046', '2'],
    ['3^1200 - 3^1200', '0'],
    ['2^-(10^300)', '0'],
  ])('%s is %s', async (expression, value) => {
    expect(await calculate(expression)).toBe(value)
  })
})

describe('messages that help to write it again', () => {
  test.each([
    ['x + 1', /^unknown name x; known: pi, e, abs, /],
    ['constructor', /^unknown name constructor;/],
    ['constructor("return 1")()', /^unexpected "/],
    ['__proto__', /^unknown name __proto__;/],
    ['toString()', /^unknown name toString;/],
    ['this', /not arithmetic/],
    ['true', /^unknown name true/],
    ['Math.sqrt(2)', /^no names with a dot: write sqrt\(2\)/],
    ['abs.constructor', /^no names with a dot/],
    ['a = 1', /^unexpected =/],
    ['[1][0]', /^unexpected \[/],
    ['$group(1)', /^unexpected \$/],
    ['1 ? 2 : 3', /^unexpected \?/],
    ['5!', /no factorial/],
    ['200 * 15%', /write 15\/100/],
    ['15% + 3', /write 15\/100/],
    ['1,000 + 2', /write 1000 instead of 1,000/],
    ['2 3', /put an operator between/],
    ['(2)(3)', /put an operator before/],
    ['(1, 2)', /one value/],
    ['()', /one value/],
    ['sqrt', /needs \(\.\.\.\)/],
    ['sqrt(1, 2)', /takes 1 value, got 2/],
    ['(1 + 2', /1 \( without \)/],
    ['1 + 2)', /a \) without its \(/],
    ['2 +', /cannot read/],
    ['', /empty/],
    ['1/0', /division by zero/],
    ['5 % (1 - 1)', /division by zero/],
    ['0^-1', /division by zero/],
    ['sqrt(-1)', /not a real number/],
    ['log(0)', /above 0/],
    ['2^5000', /too large/],
    ['9^9^9^9', /too large/],
    ['1e999', /beyond 308/],
    ['round(1, 1e9)', /at most 100/],
    ['1+'.repeat(2000), /4000 characters; at most 2000/],
    ['('.repeat(500) + ')'.repeat(500), /nested deeper than 100/],
  ])('%s', async (expression, message) => {
    await expect(calculate(expression)).rejects.toThrow(ExpressionError)
    await expect(calculate(expression)).rejects.toThrow(message)
  })
})

test('long sums and chains of powers end', async () => {
  expect(await calculate(`${'1+'.repeat(900)}1`)).toBe('901')
  expect(await calculate(`${'1^'.repeat(900)}1`)).toBe('1')
  expect(await calculate(`${'-'.repeat(1999)}1`)).toBe('-1')
})

test('whatever is written gives a value or an ExpressionError', () => {
  const pieces = [
    '1',
    '2.5',
    '1e9',
    '(',
    ')',
    '+',
    '-',
    '*',
    '/',
    '%',
    '^',
    '**',
    ',',
    ' ',
    '.',
    'pi',
    'e',
    'sqrt',
    'max',
    'x',
    '1e',
    '$',
    '[',
    '"',
    '\u0000',
    '中',
    'this',
    '=',
    '!',
    '?',
    ':',
    ';',
    '@',
    '|',
    '&',
  ]
  const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 3 })), { maxLength: 30 })
  fc.assert(
    fc.property(text, (parts) => {
      try {
        expect(Number.isNaN(asNumber(evaluateExpression(parts.join(''))))).toBe(false)
      } catch (error) {
        expect(error).toBeInstanceOf(ExpressionError)
      }
    }),
    { numRuns: 2000 },
  )
})

test('sums and products of small integers agree with JavaScript', () => {
  const tree = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.integer({ min: 0, max: 9 }).map(String),
      fc
        .tuple(tie('node'), fc.constantFrom('+', '-', '*'), tie('node'), fc.boolean())
        .map(([a, operator, b, group]) => (group ? `(${a} ${operator} ${b})` : `${a} ${operator} ${b}`)),
    ),
  }))
  fc.assert(
    fc.property(tree.node, (text) => {
      // biome-ignore lint/security/noGlobalEval: digits and operators only, as the reference
      const expected: unknown = globalThis.eval(text)
      expect(asNumber(evaluateExpression(text)) + 0).toBe((expected as number) + 0)
    }),
  )
})
