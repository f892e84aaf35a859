/**
 * Every case of parser-cases.jsonl and parser-cases-more.jsonl (expected events written from its rules, not by a parser): whole, each character alone,
 * cut at every single place, and cut at random.
 *
 * Mutations seen red. DeepSeek: ignore `thinking`; end calls inside strings; not at the next call; keep `</think>` behind a
 * call in thinking; drop `{}` for no arguments, the end marker of a bad call, or a name that is cut off; take white space
 * between calls for text. Scanner: drop what it holds. Call objects: do not end arguments at their bracket, at a quote or at
 * white space; the last of a double key; no escapes in strings; no decoded keys; arguments encoded twice left, or scalars
 * unwrapped; string arguments reported too early. Hermes: text behind the object dropped; markers in strings; the marker that
 * ends a call not read again; line ends kept at the opening, lost at the end, or given to text instead of thinking; `<think>`
 * anywhere; names unchecked; the marker of a bad call dropped; calls that are no JSON. Llama: bare calls with other keys or
 * without an object; `;` at the start, or not between calls; markers in strings; the tag dropped; an object that the end of
 * the turn cuts off; no second call. Writer: no `{}`; indexes that count complete calls only.
 * DeepSeek V3: another type than `function`; the closing fence kept; a fence in a string held. DSML: a parameter twice; text
 * not escaped; tags in a value. Harmony: markers in strings; a message to the assistant as a call. Framing: line ends kept.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createChatParser, createFencedChatParser } from '../chat/parser.ts'
import { caseEvents, parserCaseFiles, parserCases } from '../testing/parser-cases.ts'
import { createDsmlParser } from './dsml.ts'
import { createHarmonyParser } from './harmony.ts'
import { createHermesParser } from './hermes.ts'
import { createLlama3Parser } from './llama3.ts'

const formats = {
  'deepseek-v3.1': { create: createChatParser, least: 200 },
  'deepseek-v3': { create: createFencedChatParser, least: 50 },
  'deepseek-v3.2': { create: createDsmlParser, least: 50 },
  harmony: { create: createHarmonyParser, least: 40 },
  hermes: { create: createHermesParser, least: 30 },
  llama3: { create: createLlama3Parser, least: 30 },
}

describe.each(Object.entries(formats))('%s', (format, { create, least }) => {
  const cases = parserCases.filter((each) => each.format === format)

  test(`there are at least ${least} different cases`, () => {
    expect(
      new Set(cases.map((each) => `${each.thinking === true} ${each.output}`)).size,
    ).toBeGreaterThanOrEqual(least)
  })

  test.each(
    cases.map((each) => ({
      ...each,
      title: `${each.failure === undefined ? '' : `failure ${each.failure}: `}${each.rule}: ${each.why}`,
    })),
  )('$title', ({ output, thinking, events }) => {
    expect(caseEvents(create, thinking, [output]), 'whole').toEqual(events)
    expect(caseEvents(create, thinking, output.split('')), 'each character alone').toEqual(events)
    for (let at = 1; at < output.length; at++) {
      const pieces = [output.slice(0, at), output.slice(at)]
      expect(caseEvents(create, thinking, pieces), `cut at ${at}`).toEqual(events)
    }
  })

  test('random cuts', () => {
    const cut = fc
      .tuple(
        fc.constantFrom(...cases),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 }),
      )
      .map(([each, places]) => {
        const ends = places.map((place) => Math.floor(place * each.output.length)).sort((a, b) => a - b)
        const pieces = [...ends, each.output.length].map((end, i) => each.output.slice(ends[i - 1] ?? 0, end))
        return { each, pieces }
      })
    fc.assert(
      fc.property(cut, ({ each, pieces }) => {
        expect(caseEvents(create, each.thinking, pieces)).toEqual(each.events)
      }),
      { numRuns: 1500 },
    )
  })
})

test('each failure of the list and each rule has a case', () => {
  for (const { header, cases } of parserCaseFiles) {
    const failures = Object.keys(header.failures)
    expect(failures).toHaveLength(10)
    for (const failure of failures) {
      const found = cases.filter((each) => each.failure === Number(failure))
      expect(found.length, `failure ${failure}`).toBeGreaterThan(0)
    }
    const used = new Set(cases.map((each) => each.rule))
    expect([...used].sort()).toEqual(Object.keys(header.rules).sort())
  }
})
