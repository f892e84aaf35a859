import { expect, test } from 'vitest'
import { closestName } from './closest-name.ts'

test.each([
  ['serch', 'search'],
  ['Search', 'search'],
  ['read-file', 'read_file'],
  ['readfile', 'read_file'],
  ['ls', undefined],
  ['delete_everything', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%s means %s', (wanted, meant) => {
  expect(closestName(wanted, ['search', 'read_file', 'add'])).toBe(meant)
})

test('without names there is none', () => {
  expect(closestName('add', [])).toBeUndefined()
})
