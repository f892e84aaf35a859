import { createHash } from 'node:crypto'
import { encode, recipes, values } from '@octoscale/fp8-core'
import { describe, expect, it } from 'vitest'
import { evaluationItem } from './evaluation-item.ts'
import { facts, word } from './facts/facts.ts'
import { evaluationRows, mix } from './mix.ts'
import { heldOutPools, trainPools } from './pools/pools.ts'
import { createRandom } from './random.ts'
import { renderSegments } from './render.ts'
import { score } from './score.ts'
import type { Conversation, TaskList } from './types.ts'

function make(generate: TaskList, stream: string, count: number, evaluation = false): Conversation[] {
  const context = {
    random: createRandom(9, stream),
    pools: evaluation ? heldOutPools : trainPools,
    evaluation,
  }
  const out: Conversation[] = []
  while (out.length < count) out.push(...generate(context))
  return out
}

/** Every "a op b (op c) = d" in a text, with chained operators evaluated from the left. */
function wrongEquations(text: string): string[] {
  const wrong: string[] = []
  // A sign belongs to a number only right after "(" or at a line's start, and no such number occurs on the left.
  for (const match of text.matchAll(
    /(?<![\d.^-])(\d+(?: ?[-+*] ?\d+)+) ?= ?(-?\d+(?:\.\d+)?)(?! ?[-+*/<])/g,
  )) {
    const source = (match[1] as string).replaceAll(' ', '')
    const numbers = source.split(/[-+*]/).map(Number)
    const operators = [...source].filter((c) => /[-+*]/.test(c))
    if (operators.includes('*') && operators.length > 1) continue
    let value = numbers[0] as number
    operators.forEach((operator, index) => {
      const next = numbers[index + 1] as number
      value = operator === '+' ? value + next : operator === '-' ? value - next : value * next
    })
    if (Math.abs(value - Number(match[2])) > 1e-9) wrong.push(match[0])
  }
  return wrong
}

describe('training documents', () => {
  for (const [task, { generate }] of Object.entries(mix)) {
    const documents = make(generate, task, 300)

    it(`${task}: the same seed gives the same documents`, () => {
      expect(make(generate, task, 300)).toEqual(documents)
    })

    it(`${task}: renders with loss on the assistant's text only, ended by the end token`, () => {
      for (const document of documents) {
        const segments = renderSegments(document)
        expect(segments.at(-1)?.loss).toBe(true)
        for (const { text, loss } of segments) {
          expect(text).not.toMatch(
            /undefined|NaN\b(?! code| value)(?=\d)|\[object|\{\d\}|\{(v|f|s|x|n|a|b|e|name|other|thing)\}/,
          )
          if (loss) expect(text.endsWith('<｜end▁of▁sentence｜>')).toBe(true)
          expect(loss && /<｜(User|Assistant|tool▁output▁begin)｜>/.test(text)).toBe(false)
        }
      }
    })

    it(`${task}: calls name an offered tool and fit its schema`, () => {
      for (const { messages, tools = [] } of documents) {
        const names = tools.map((tool) => tool.name)
        expect(new Set(names).size).toBe(names.length)
        for (const message of messages) {
          if (message.role !== 'assistant') continue
          for (const call of message.calls ?? []) {
            const tool = tools.find((candidate) => candidate.name === call.name)
            const schema = tool?.parameters as {
              required: string[]
              properties: Record<string, { type: string; enum?: string[] }>
            }
            const args = JSON.parse(call.arguments) as Record<string, unknown>
            expect(Object.keys(args)).toEqual(schema.required)
            for (const [key, value] of Object.entries(args)) {
              const { type, enum: choices } = schema.properties[key] as { type: string; enum?: string[] }
              expect(typeof value).toBe(type === 'integer' ? 'number' : type)
              if (type === 'integer') expect(Number.isInteger(value)).toBe(true)
              if (choices) expect(choices).toContain(value)
            }
          }
        }
      }
    })

    it(`${task}: every sum in an assistant text is right`, () => {
      for (const { messages, tools } of documents) {
        // Tools answer with arbitrary values, which the assistant passes on.
        if (tools) continue
        for (const message of messages) {
          if (message.role !== 'assistant' || task.includes('copy')) continue
          expect(wrongEquations(`${message.thought ?? ''}\n${message.content}`)).toEqual([])
        }
      }
    })
  }
})

describe('evaluation rows', () => {
  for (const [row, { generate }] of Object.entries(evaluationRows)) {
    it(`${row}: the expected completion scores, an empty one does not`, () => {
      for (const conversation of make(generate, row, 300, true)) {
        const item = evaluationItem(row, conversation)
        expect(score(item, item.expected), item.expected).toEqual({ ok: true, reason: '' })
        expect(score(item, '').ok).toBe(false)
        expect(
          item.prompt.endsWith(
            item.thinking
              ? '<think>'
              : item.messages.at(-1)?.role === 'tool'
                ? '<｜tool▁output▁end｜>'
                : '</think>',
          ),
        ).toBe(true)
      }
    })
  }

  it('holds out strings that training never uses', () => {
    for (const name of [
      'cities',
      'firstNames',
      'nouns',
      'topics',
      'adjectives',
      'countries',
      'lastNames',
    ] as const) {
      const trained = new Set(Object.values(trainPools).flat())
      expect(heldOutPools[name].length).toBeGreaterThan(4)
      expect(heldOutPools[name].filter((item) => trained.has(item))).toEqual([])
    }
  })
})

describe('facts', () => {
  it('have enough wordings, and none that is both trained and held out', () => {
    expect(facts.length).toBeGreaterThan(80)
    for (const fact of facts) {
      const trained = new Set(
        fact.seen.flatMap((wording) => fact.subjects.map((subject) => word(wording, subject))),
      )
      const kept = fact.heldOut.flatMap((wording) => fact.subjects.map((subject) => word(wording, subject)))
      expect(trained.size, fact.id).toBeGreaterThanOrEqual(12)
      expect(kept.length, fact.id).toBeGreaterThanOrEqual(3)
      expect(kept.filter((question) => trained.has(question))).toEqual([])
      expect(fact.answer).toContain(fact.key)
    }
  })

  /** Written down from the facts that the published model was trained on. */
  it('are those of octo-tiny: when they change, its data has to be made and it has to be trained again', () => {
    expect(facts.length).toBe(131)
    expect(createHash('sha256').update(JSON.stringify(facts)).digest('hex')).toBe(
      '06c652a9c7ee1ff4d33b559f3b6e51b0e196818564e17ff24fcf7e5541ef780b',
    )
  })

  it('agree with fp8-core', () => {
    const code = (value: number, format: string) => `0x${encode(value, format).toString(16).toUpperCase()}`
    const key = (id: string) => facts.find((fact) => fact.id === id)?.key
    expect(key('e4m3-top')).toBe(code(448, 'e4m3'))
    expect(key('e4m3-nan')).toBe(code(Number.NaN, 'e4m3'))
    expect(key('e8m0-nan')).toBe(code(Number.NaN, 'e8m0'))
    expect(key('e2m1-values')).toBe([...values('e2m1')].slice(0, 8).join(', '))
    expect(key('weight-block')).toBe(recipes.deepseekWeight.block.join('x'))
    expect(key('activation-block')).toBe(recipes.deepseekActivation.block.join('x'))
    expect(Number(key('amax-floor'))).toBe(recipes.deepseekActivation.amaxFloor)
    expect([key('E4M3.max'), key('E5M2.finite'), key('E4M3.minSubnormal'), key('E8M0.max')]).toEqual([
      '448',
      '247',
      '2^-9',
      '2^127',
    ])
  })
})
