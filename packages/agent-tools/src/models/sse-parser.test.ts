import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ModelError } from '../errors.ts'
import { type ServerSentEvent, SseParser } from './sse-parser.ts'

function parse(pieces: readonly Uint8Array[]): ServerSentEvent[] {
  const parser = new SseParser()
  return [...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()]
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const message = (data: string): ServerSentEvent => ({ event: 'message', data })

describe('examples of the HTML standard', () => {
  test.each([
    ['three lines', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
    [
      'comment, ids',
      ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
      [message('first event'), message('second event'), message(' third event')],
    ],
    ['empty data', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n'), message('')]],
    ['the space is optional', 'data:test\n\ndata: test\n\n', [message('test'), message('test')]],
  ])('%s', (_, text, events) => {
    expect(parse([encode(text)])).toEqual(events)
  })
})

describe('also', () => {
  test.each([
    ['named events', 'event: error\ndata: {}\n\ndata: x\n\n', [{ event: 'error', data: '{}' }, message('x')]],
    ['an event without data', 'event: ping\n\ndata: x\n\n', [message('x')]],
    ['a byte order mark', '\ufeffdata: x\n\n', [message('x')]],
    ['all line ends', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', [message('a'), message('b'), message('c')]],
    [
      'an event of several CRLF lines',
      'event: e\r\ndata: a\r\ndata: b\r\n\r\n',
      [{ event: 'e', data: 'a\nb' }],
    ],
    ['no end', 'data: a\n\ndata: [DONE]', [message('a'), message('[DONE]')]],
    ['unknown fields', 'retry: 5\nfoo: bar\n:\ndata: x\n\n', [message('x')]],
    ['nothing', '', []],
  ])('%s', (_, text, events) => {
    expect(parse([encode(text)])).toEqual(events)
  })

  test('a line that never ends is refused', () => {
    const parser = new SseParser()
    const piece = encode('x'.repeat(1 << 20))
    expect(() => {
      for (let count = 0; count < 5; count++) parser.push(piece)
    }).toThrow(ModelError)
  })

  test('an event of lines that never ends is refused', () => {
    const parser = new SseParser()
    const piece = encode(`data: ${'x'.repeat(1 << 20)}\n`)
    expect(() => {
      for (let count = 0; count < 5; count++) parser.push(piece)
    }).toThrow(ModelError)
  })
})

const lineEnd = fc.constantFrom('\n', '\r\n', '\r')
const field = fc.constantFrom('data: ', 'data:', 'event: ', 'id: ', ': ', 'data', '')
const value = fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', ':', ' ', '{', '"'), maxLength: 5 })
const stream = fc
  .array(fc.tuple(field, value, lineEnd), { maxLength: 12 })
  .map((lines) => lines.map(([name, text, end]) => `${name}${name === '' ? '' : text}${end}`).join(''))

test('however the bytes are split, the events are the same', () => {
  fc.assert(
    fc.property(stream, fc.infiniteStream(fc.integer({ min: 0, max: 7 })), (text, sizes) => {
      const bytes = encode(text)
      const whole = parse([bytes])
      expect(whole).toEqual(parse([encode(text.replace(/\r\n?/g, '\n'))]))
      for (let at = 0; at <= bytes.length; at++) {
        expect(parse([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(whole)
      }
      const pieces: Uint8Array[] = []
      for (let at = 0; at < bytes.length; ) {
        const size = sizes.next().value ?? 1
        pieces.push(bytes.subarray(at, at + size))
        at += size
        if (pieces.length > 500) break
      }
      if (pieces.reduce((sum, piece) => sum + piece.length, 0) === bytes.length)
        expect(parse(pieces)).toEqual(whole)
    }),
    { numRuns: 300 },
  )
})

test('what was written is read', () => {
  const data = fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => text.replaceAll('\r', ' '))
  fc.assert(
    fc.property(fc.array(data), (texts) => {
      const written = texts.map(
        (text) =>
          `${text
            .split('\n')
            .map((line) => `data: ${line}`)
            .join('\n')}\n\n`,
      )
      expect(parse([encode(written.join(''))])).toEqual(texts.map(message))
    }),
  )
})
