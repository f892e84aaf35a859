import { expect, test } from 'vitest'
import { closingLine, describeSkipped, isGood } from './test-summary.ts'

const skipped = [
  { test: 'a.test.ts: one', reason: 'no Chromium' },
  { test: 'b.test.ts: two', reason: 'no GPU' },
  { test: 'a.test.ts: three', reason: 'no Chromium' },
]

test('the closing line has one fixed form', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped })).toBe('12 passed, 0 failed, 3 skipped')
  expect(closingLine({ passed: 0, failed: 1, skipped: [] })).toBe('0 passed, 1 failed, 0 skipped')
})

test('a run in which nothing ran is not good', () => {
  expect(isGood({ passed: 0, failed: 0, skipped })).toBe(false)
  expect(isGood({ passed: 3, failed: 1, skipped: [] })).toBe(false)
  expect(isGood({ passed: 1, failed: 0, skipped })).toBe(true)
})

test('skipped tests are listed under their reasons, long lists are cut', () => {
  expect(describeSkipped(skipped)).toEqual([
    'skipped: no Chromium',
    '  a.test.ts: one',
    '  a.test.ts: three',
    'skipped: no GPU',
    '  b.test.ts: two',
  ])
  const many = Array.from({ length: 25 }, (_, i) => ({ test: `${i}`, reason: 'r' }))
  expect(describeSkipped(many).at(-1)).toBe('  and 15 more')
  expect(describeSkipped(many)).toHaveLength(12)
})
