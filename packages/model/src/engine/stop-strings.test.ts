import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createStopFilter } from './stop-strings.ts'

function filterAll(
  pieces: readonly string[],
  stops: readonly string[],
): { text: string; stop: string | undefined } {
  const filter = createStopFilter(stops)
  let text = ''
  for (const piece of pieces) {
    const step = filter.push(piece)
    text += step.text
    if (step.stop !== undefined) return { text, stop: step.stop }
  }
  return { text: text + filter.finish(), stop: undefined }
}

test('any splitting of the text gives the text before the first stop string', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 0, maxLength: 12 })
  fc.assert(
    fc.property(
      fc.array(letters, { maxLength: 8 }),
      fc.array(
        letters.filter((stop) => stop.length > 0 && stop.length < 5),
        { maxLength: 3 },
      ),
      (pieces, stops) => {
        // Stops are looked for as text arrives, so the earliest place wins, whichever stop it is.
        const whole = pieces.join('')
        let cut = -1
        let end = Infinity
        for (const stop of stops) {
          const at = whole.indexOf(stop)
          // The stop that is complete first ends the text; of those complete at once, the one that begins first.
          if (at >= 0) end = Math.min(end, at + stop.length)
        }
        const result = filterAll([...whole], stops)
        if (end === Infinity) expect(result).toEqual({ text: whole, stop: undefined })
        else {
          for (const stop of stops) {
            const at = whole.slice(0, end).indexOf(stop)
            if (at >= 0 && (cut < 0 || at < cut)) cut = at
          }
          expect(result.text).toBe(whole.slice(0, cut))
          // The one that was met stands there.
          expect(stops).toContain(result.stop)
          expect(whole.startsWith(result.stop ?? '', cut)).toBe(true)
        }
        const coarse = filterAll(pieces, stops)
        expect(coarse.stop === undefined).toBe(result.stop === undefined)
        expect(whole.startsWith(coarse.text)).toBe(true)
        for (const stop of stops) expect(coarse.text).not.toContain(stop)
      },
    ),
  )
})

test('nothing is held back that cannot become a stop string', () => {
  const filter = createStopFilter(['END'])
  expect(filter.push('hello E').text).toBe('hello ')
  expect(filter.push('x').text).toBe('Ex')
})
