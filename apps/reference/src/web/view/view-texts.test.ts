/** The small texts of the page. */
import { expect, test } from 'vitest'
import { routeOf } from '../hash-route.ts'
import { argumentFields, visible } from './argument-fields.ts'
import { duration } from './duration.ts'
import { isSendKey } from './send-key.ts'

test('durations', () => {
  expect([0, 4.4, 94, 96, 9940, 12_000, 125_000].map(duration)).toEqual([
    ...['1 ms', '4 ms', '94 ms', '0.1 s', '9.9 s', '12 s', '2 min 5 s'],
  ])
})

test('arguments: text is told from numbers, code keeps its lines, what is no object is left alone', () => {
  expect(argumentFields('{"a": "1", "b": 1, "code": "x\\ny"}')).toEqual([
    { name: 'a', text: '"1"' },
    { name: 'b', text: '1' },
    { name: 'code', text: 'x\ny' },
  ])
  for (const json of ['', '{', '[]', '3', 'null', '{}']) expect(argumentFields(json)).toBeUndefined()
})

test('characters that hide or turn others around are shown', () => {
  expect(visible('a\u202eb\u200bc')).toBe('a\\u202eb\\u200bc')
  expect(visible('größer 数 🙂 ❤️')).toBe('größer 数 🙂 ❤️')
})

test.each(['\r', '\u2028', '\u2029', '\u0085', '\u061c', '\u180e', '\u{e0041}', '\u3164', '\0'])(
  'code behind %j does not look like the end of a comment',
  (character) => {
    const hex = character.codePointAt(0)?.toString(16) ?? ''
    const shown = hex.length > 4 ? `\\u{${hex}}` : `\\u${hex.padStart(4, '0')}`
    expect(visible(`// safe${character}run()`)).toBe(`// safe${shown}run()`)
  },
)

test('line ends of every system stay line ends', () => {
  expect(visible('a\r\n\tb\nc')).toBe('a\r\n\tb\nc')
})

test('routes', () => {
  expect(
    ['', '#', '#/', '#/chat', '#/formats', '#/formats?x=0.3', '#/nothing', '#formats'].map(routeOf),
  ).toEqual([...['chat', 'chat', 'chat', 'chat', 'formats', 'formats', 'chat', 'formats']])
})

test('Enter sends, not with Shift, not while an input method composes', () => {
  const key = (event: object): boolean => isSendKey({ key: 'Enter', keyCode: 13, ...event } as KeyboardEvent)
  expect(key({})).toBe(true)
  expect(key({ shiftKey: true })).toBe(false)
  expect(key({ isComposing: true })).toBe(false)
  expect(key({ keyCode: 229 })).toBe(false)
  expect(key({ key: 'a' })).toBe(false)
})
