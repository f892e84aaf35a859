import { join, relative, sep, win32 } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PathError } from './path-error.ts'
import { pathSegments } from './path-rules.ts'

const rules = { hidden: false }

test.each([
  ['notes.txt', ['notes.txt']],
  ['./notes/today.md', ['notes', 'today.md']],
  ['notes//today.md/', ['notes', 'today.md']],
  ['.', []],
  ['', []],
  ['con-notes/null.txt', ['con-notes', 'null.txt']],
  ['.../x', undefined],
  ['名前/メモ.txt', ['名前', 'メモ.txt']],
])('%s has these names', (path, names) => {
  if (names === undefined) expect(() => pathSegments(path, rules)).toThrow(PathError)
  else expect(pathSegments(path, rules)).toEqual(names)
})

test.each([
  ['..', 'outside'],
  ['a/../../b', 'outside'],
  ['a/..', 'outside'],
  ['/etc/passwd', 'absolute'],
  ['//server/share', 'absolute'],
  ['C:/Windows', 'absolute'],
  ['c:notes.txt', 'absolute'],
  ['~/x', 'absolute'],
  ['\\\\server\\share', 'name'],
  ['\\\\.\\pipe\\x', 'name'],
  ['..\\x', 'name'],
  ['a\0.txt', 'name'],
  ['a\nb', 'name'],
  ['file.txt:stream', 'name'],
  ['file::$DATA', 'name'],
  ['CON', 'name'],
  ['aux.txt', 'name'],
  ['sub/nul', 'name'],
  ['COM¹', 'name'],
  ['lpt9.log.txt', 'name'],
  ['name.', 'name'],
  ['name ', 'name'],
  ['.env', 'hidden'],
  ['.git/config', 'hidden'],
  ['\ud800', 'name'],
  ['x'.repeat(2000), 'name'],
  ['a/'.repeat(40), 'name'],
])('%j is refused', (path, reason) => {
  expect(() => pathSegments(path, rules)).toThrow(PathError)
  expect(() => pathSegments(path, rules)).toThrow(expect.objectContaining({ reason }))
})

test('hidden names can be allowed, and nothing else with them', () => {
  expect(pathSegments('.env', { hidden: true })).toEqual(['.env'])
  expect(() => pathSegments('../.env', { hidden: true })).toThrow(PathError)
})

test('what is accepted stays below the root, on every system', () => {
  const piece = fc.constantFrom(
    '..',
    '.',
    '...',
    '/',
    '\\',
    '//',
    'a',
    'b.txt',
    ' ',
    '~',
    ':',
    'C:',
    '\0',
    '%2e%2e',
    '‥',
    '．．',
    '∕',
    'nul',
    '?',
    '*',
    '-',
    '\u202e',
  )
  const path = fc.array(fc.oneof(piece, fc.string({ maxLength: 4, unit: 'binary' })), { maxLength: 12 })
  fc.assert(
    fc.property(path, fc.boolean(), (parts, hidden) => {
      let names: string[]
      try {
        names = pathSegments(parts.join(''), { hidden })
      } catch (error) {
        expect(error).toBeInstanceOf(PathError)
        return
      }
      const way = relative('/root', join('/root', ...names))
      expect(way.split(sep).filter((name) => name !== '')).toEqual(names)
      expect(win32.relative('C:\\root', win32.join('C:\\root', ...names))).toBe(names.join('\\'))
    }),
    { numRuns: 5000 },
  )
})
