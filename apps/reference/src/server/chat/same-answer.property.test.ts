/** Whatever the engine says and however its text is cut, a streamed and a plain answer are the same. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createApp } from '../app.ts'
import { parseStream, post, question } from '../testing/http.ts'
import { eventsOf, type Piece, scriptedEngine } from '../testing/scripted-engine.ts'

const name = fc.constantFrom('look', 'wait')
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 })
const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.record({ type: fc.constant('thinking' as const), text }),
  fc.record({ type: fc.constant('text' as const), text }),
  fc.record({ type: fc.constant('call' as const), name, arguments: fc.json({ maxDepth: 2 }) }),
  fc.record({ type: fc.constant('broken' as const), name, arguments: text }),
)

interface Message {
  content: string
  reasoning: string
  calls: { id: string; name: string; arguments: string }[]
  finish: string | undefined
}

interface WireChunk {
  readonly choices: readonly {
    readonly finish_reason: string | null
    readonly delta: {
      readonly content?: string
      readonly reasoning_content?: string
      readonly tool_calls?: readonly {
        readonly index: number
        readonly id?: string
        readonly function: { readonly name?: string; readonly arguments: string }
      }[]
    }
  }[]
}

/** As clients put chunks together. */
function collect(chunks: readonly WireChunk[]): Message {
  const message: Message = { content: '', reasoning: '', calls: [], finish: undefined }
  for (const { choices } of chunks) {
    const { delta, finish_reason } = choices[0] ?? { delta: {}, finish_reason: null }
    message.content += delta.content ?? ''
    message.reasoning += delta.reasoning_content ?? ''
    for (const { index, id, function: called } of delta.tool_calls ?? []) {
      message.calls[index] ??= { id: id ?? '', name: called.name ?? '', arguments: '' }
      const call = message.calls[index]
      if (call !== undefined) call.arguments += called.arguments
    }
    message.finish ??= finish_reason ?? undefined
  }
  return message
}

test('streamed and plain answers are the same, and what the engine said', async () => {
  const property = fc.asyncProperty(
    fc.array(piece, { maxLength: 6 }),
    fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
    fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
    fc.boolean(),
    async (pieces, cutsOfPlain, cutsOfStream, cutOff) => {
      let cuts = cutsOfPlain
      const engine = scriptedEngine(() =>
        eventsOf(pieces, () => cuts.next().value ?? 1, cutOff ? 'length' : undefined),
      )
      const app = createApp({ engine })
      const tools = ['look', 'wait'].map((tool) => ({ type: 'function', function: { name: tool } }))
      const plain = await (await post(app, { ...question, tools })).json()
      cuts = cutsOfStream
      const streamed = await (await post(app, { ...question, tools, stream: true })).text()
      const { chunks, done } = parseStream(streamed)
      expect(done).toBe(true)

      const { message, finish_reason } = plain.choices[0]
      const ofPlain: Message = {
        content: message.content ?? '',
        reasoning: message.reasoning_content ?? '',
        calls: (message.tool_calls ?? []).map(
          ({ id, function: called }: { id: string; function: { name: string; arguments: string } }) => ({
            id,
            ...called,
          }),
        ),
        finish: finish_reason,
      }
      expect(collect(chunks as WireChunk[])).toEqual(ofPlain)

      const last = [...eventsOf(pieces)].at(-1)
      if (last?.type !== 'finish') throw new TypeError('the script must finish')
      // JSON carries lone surrogates as escapes, so even text cut inside a pair comes back whole.
      expect(ofPlain).toEqual({
        content: last.result.content,
        reasoning: last.result.thinking,
        calls: last.result.toolCalls,
        finish: cutOff ? 'length' : last.result.toolCalls.length > 0 ? 'tool_calls' : 'stop',
      })
    },
  )
  await fc.assert(property, { numRuns: 200 })
})
