import { describe, expect, it } from 'vitest'
import { score } from './score.ts'

const EOS = '<｜end▁of▁sentence｜>'
const call = (name: string, args: string) =>
  `<｜tool▁call▁begin｜>${name}<｜tool▁sep｜>${args}<｜tool▁call▁end｜>`
const calls = (...list: string[]) => `<｜tool▁calls▁begin｜>${list.join('')}<｜tool▁calls▁end｜>${EOS}`

describe('score', () => {
  const weather = {
    thinking: false,
    expect: { kind: 'calls', calls: [{ name: 'weather', arguments: '{"city": "Oslo", "days": 2}' }] },
  } as const

  it('wants the right tool with the right arguments, in any order of keys', () => {
    expect(score(weather, calls(call('weather', '{"days":2,"city":"Oslo"}'))).ok).toBe(true)
    expect(score(weather, calls(call('weather', '{"city": "Olso", "days": 2}'))).reason).toContain('Olso')
    expect(score(weather, calls(call('weather', '{"city": "Oslo", "days": "2"}'))).ok).toBe(false)
    expect(score(weather, calls(call('forecast', '{"city": "Oslo", "days": 2}'))).reason).toContain(
      'forecast',
    )
    expect(score(weather, calls(call('weather', '{"city": "Oslo"'))).ok).toBe(false)
    expect(score(weather, `I have no tool for that.${EOS}`).reason).toBe('0 calls instead of 1')
  })

  it('wants no call where none fits', () => {
    const none = { thinking: false, expect: { kind: 'no-call' } } as const
    expect(score(none, `I have no tool for that.${EOS}`).ok).toBe(true)
    expect(score(none, calls(call('weather', '{}'))).ok).toBe(false)
    expect(score(none, EOS).ok).toBe(false)
  })

  it('takes the last number of the answer', () => {
    const sum = { thinking: true, expect: { kind: 'number', number: '-2' } } as const
    expect(score(sum, `5 < 7. So -2</think>5 - 7 = -2${EOS}`).ok).toBe(true)
    expect(score(sum, `5 < 7. So 2</think>5 - 7 = 2${EOS}`).reason).toBe('2 instead of -2')
    expect(
      score({ ...sum, expect: { kind: 'number', number: '36' } }, `x</think>The answer is 36.${EOS}`).ok,
    ).toBe(true)
  })

  it('demands the mode that was asked for', () => {
    const fact = { thinking: true, expect: { kind: 'contains', values: ['448'] } } as const
    expect(score(fact, `Recall.</think>It is 448.${EOS}`).ok).toBe(true)
    expect(score(fact, `</think>It is 448.${EOS}`).reason).toBe('empty thought')
    expect(score(fact, `It is 448.${EOS}`).reason).toBe('no answer after the thought')
    expect(score({ ...fact, thinking: false }, `<think>Hm</think>It is 448.${EOS}`).ok).toBe(false)
  })

  it('finds a value only where it stands alone', () => {
    const has = (answer: string, value: string) =>
      score({ thinking: false, expect: { kind: 'contains', values: [value] } }, answer + EOS).ok
    expect(has('The value is 448.', '48')).toBe(false)
    expect(has('The value is 2^-14.', '2^-1')).toBe(false)
    expect(has('The value is -5.', '5')).toBe(false)
    expect(has('The value is 5.5.', '5')).toBe(false)
    expect(has('The value is 5.', '5')).toBe(true)
    expect(has('It failed: file not found.', 'file not found')).toBe(true)
  })
})
