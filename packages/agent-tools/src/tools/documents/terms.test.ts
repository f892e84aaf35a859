import fc from 'fast-check'
import { expect, test } from 'vitest'
import { termsOf } from './terms.ts'

const words = (text: string, purpose: 'index' | 'query' = 'query'): string[] =>
  Array.from(termsOf(text, purpose), ({ term }) => term)

test.each([
  ['Hello, World!', ['hello', 'world']],
  ['from_line 12.5', ['from', 'line', '12', '5']],
  ['Straße ÉCOLE cafe\u0301', ['straße', 'école', 'café']],
  ['ＦＰ８ ﬁle', ['fp8', 'file']],
  ['北京市', ['北京', '京市']],
  ['北', ['北']],
  ['FP8格式', ['fp8', '格式']],
  ['東京タワー', ['東京', '京タ', 'タワ', 'ワー']],
  ['한국어 문서', ['한국', '국어', '문서']],
  ['𠀀𠀁', ['𠀀𠀁']],
  ['', []],
  ['... --- !!!', []],
])('%j has the words %j', (text, expected) => {
  expect(words(text)).toEqual(expected)
})

test('an index has single characters too', () => {
  expect(words('北京', 'index')).toEqual(['北', '北京', '京'])
})

test('every word stands where it says', () => {
  const unit = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 5 }),
    fc.constantFrom('北京', ' ', 'word', '한국', 'é', '\ud800'),
  )
  fc.assert(
    fc.property(fc.array(unit), fc.constantFrom('index' as const, 'query' as const), (parts, purpose) => {
      const text = parts.join('')
      for (const { term, start, end } of termsOf(text, purpose)) {
        expect(end).toBeGreaterThan(start)
        expect(text.slice(start, end).normalize('NFKC').toLowerCase()).toBe(term)
      }
    }),
  )
})
