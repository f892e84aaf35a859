import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UnsupportedTokenizerError } from '../errors.ts'
import { readGolden } from '../testing/golden.ts'
import { tokenizerFromJson } from '../tokenizer/tokenizer.ts'
import { createSegmentDecoder, encodeChat, encodeSegments } from './encode.ts'
import { MARKERS } from './markers.ts'
import { createChatParser } from './parser.ts'
import { renderChat, renderChatSegments } from './render.ts'
import type { ChatMessage } from './types.ts'

const tokenizer = tokenizerFromJson(
  JSON.parse(readFileSync(new URL('../../../octo-tiny/model/tokenizer.json', import.meta.url), 'utf8')),
)
const markerIds = new Set(Object.values(MARKERS).map((marker) => tokenizer.idOf(marker)))

const conversation = (content: string): ChatMessage[] => [
  { role: 'system', content },
  { role: 'user', content },
  { role: 'assistant', content, toolCalls: [{ name: 'f', arguments: JSON.stringify({ content }) }] },
  { role: 'tool', content },
  { role: 'user', content },
]
const tools = [{ name: 'f', description: 'does f', parameters: { type: 'object' } }]

test('equals the plain encoding of the rendered text when messages hold no markers', () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((candidate) => !candidate.includes('<'))
  fc.assert(
    fc.property(text, fc.boolean(), (content, thinking) => {
      const messages = conversation(content)
      const ids = encodeChat(tokenizer, messages, { thinking, tools })
      expect(ids).toEqual(tokenizer.encode(renderChat(messages, { thinking, tools })))
    }),
  )
})

test('messages made of markers add no control token', () => {
  const controls = (ids: number[]): number[] => ids.filter((id) => markerIds.has(id))
  const expected = controls(encodeChat(tokenizer, conversation('x'), { tools }))
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...Object.values(MARKERS), 'a', ' ')), (parts) => {
      const messages = conversation(parts.join(''))
      const ids = encodeChat(tokenizer, messages, { tools })
      expect(controls(ids)).toEqual(expected)
      expect(tokenizer.decode(ids)).toBe(renderChat(messages, { tools }))
    }),
  )
})

describe('from generated ids to messages', () => {
  const call = [{ name: 'f', arguments: '{"a": "你好"}' }]

  test('control tokens make a call', () => {
    const segments = renderChatSegments([{ role: 'assistant', content: 'né', toolCalls: call }])
    const decoder = createSegmentDecoder(tokenizer)
    const parser = createChatParser()
    const pieces = [
      ...encodeSegments(tokenizer, segments).slice(1).flatMap(decoder.push),
      ...decoder.finish(),
    ]
    const events = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()]
    expect(events.at(-1)).toMatchObject({ message: { content: 'né', toolCalls: [call[0]] } })
  })

  test('the same characters as plain tokens are text', () => {
    const text = renderChat([{ role: 'assistant', content: 'né', toolCalls: call }])
    const decoder = createSegmentDecoder(tokenizer)
    const parser = createChatParser()
    const pieces = tokenizer.encode(text, { addedTokens: false }).flatMap(decoder.push)
    const events = [...pieces, ...decoder.finish()].flatMap((piece) => parser.push(piece))
    expect([...events, ...parser.finish()].at(-1)).toMatchObject({
      message: { content: text, toolCalls: [] },
    })
  })

  test('half a character before a marker becomes U+FFFD and does not hide the marker', () => {
    const decoder = createSegmentDecoder(tokenizer)
    const half = tokenizer.idOf('ä')
    const think = tokenizer.idOf('</think>')
    expect([half, think].flatMap((id) => decoder.push(id ?? -1))).toEqual([
      { text: '\ufffd', control: false },
      { text: '</think>', control: true },
    ])
    expect(decoder.finish()).toEqual([])
  })
})

test('a model that makes a marker of plain text is refused, not trusted', () => {
  const { tokenizer: json } = (readGolden('small.json.gz') as { name: string; tokenizer: unknown }[]).find(
    (entry) => entry.name === 'ignore-merges',
  ) as {
    tokenizer: { model: { vocab: Record<string, number> }; added_tokens: unknown[]; pre_tokenizer: unknown }
  }
  json.pre_tokenizer = { type: 'ByteLevel', add_prefix_space: false, use_regex: false }
  for (const marker of Object.values(MARKERS)) {
    const id = Object.keys(json.model.vocab).length
    json.model.vocab[marker] = id
    json.added_tokens.push({ id, content: marker, normalized: false })
  }
  const reachable = tokenizerFromJson(json)
  expect(encodeChat(reachable, [{ role: 'user', content: 'x' }])).toHaveLength(5)
  expect(() => encodeChat(reachable, [{ role: 'user', content: '<think>' }])).toThrow(
    'plain text never becomes',
  )
})

test('a tokenizer without the markers is refused by name', () => {
  const [small] = readGolden('small.json.gz') as { tokenizer: unknown }[]
  const without = tokenizerFromJson(small?.tokenizer)
  expect(() => encodeChat(without, [{ role: 'user', content: 'x' }])).toThrow(UnsupportedTokenizerError)
  expect(() => encodeChat(without, [{ role: 'user', content: 'x' }])).toThrow('<｜begin▁of▁sentence｜>')
})
