import fc from 'fast-check'
import { expect, test } from 'vitest'
import { choices, type LaboratoryState, pathOf, readState, writeState } from './url-state.ts'

const start: LaboratoryState = readState('')

test('without parameters: 0.3, everything as the formats do it', () => {
  expect(start).toEqual({
    text: '0.3',
    rounding: undefined,
    overflow: undefined,
    scale: 'linear',
    view: 'near',
    formats: undefined,
    p3109: 'p3109_k8p4se',
  })
})

test('a state is read back from the hash that names it', () => {
  const state = fc.record({
    text: fc.string({ maxLength: 100, unit: 'grapheme' }),
    rounding: fc.constantFrom(...choices.rounding),
    overflow: fc.constantFrom(...choices.overflow),
    scale: fc.constantFrom(...choices.scale),
    view: fc.constantFrom(...choices.view),
    formats: fc.constantFrom(...choices.formats),
    p3109: fc.string({ maxLength: 40 }),
  })
  fc.assert(
    fc.property(
      state,
      fc.constantFrom('', '#', '#/formats', '#/formats?x=7&scale=logarithmic'),
      (one, hash) => {
        const written = writeState(hash, one)
        expect(readState(written)).toEqual(one)
        expect(pathOf(written)).toBe(pathOf(hash))
      },
    ),
  )
})

test('only what differs from the start is written, and foreign parameters stay', () => {
  expect(writeState('#/formats?theme=dark&scale=logarithmic', { ...start, text: '1/3' })).toBe(
    '#/formats?theme=dark&x=1%2F3',
  )
})

test('unknown, malformed and oversized parameters are as at the start', () => {
  expect(readState('#/formats?rounding=sideways&overflow=&scale=%E0%A4%A&view=toString')).toEqual(start)
  expect(readState(`#/formats?x=${'1'.repeat(5000)}&p3109=${'p'.repeat(41)}`)).toEqual(start)
  expect(readState('#/formats?rounding=stochastic&formats=__proto__')).toEqual(start)
})
