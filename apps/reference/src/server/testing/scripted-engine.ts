/** An engine that says what a test wants it to say, and remembers what it was asked. */
import type { ChatEvent, ChatOptions, ChatResult, Usage } from 'octoscale'
import type { Engine } from '../engine.ts'

export interface Asked {
  readonly options: ChatOptions
  /** How the iteration ended; undefined while it runs. */
  end?: 'done' | 'left' | 'aborted' | 'failed'
}

export interface ScriptedEngine extends Engine {
  readonly asked: readonly Asked[]
}

export type Script = (options: ChatOptions) => AsyncIterable<ChatEvent> | Iterable<ChatEvent>

const usage: Usage = {
  promptTokens: 11,
  cachedTokens: 4,
  completionTokens: 5,
  thinkingTokens: 2,
  draftedTokens: 4,
  acceptedTokens: 3,
  prefillMilliseconds: 20,
  decodeMilliseconds: 8,
}

/** Refuses a second answer while one is made, as the real engine does. */
export function scriptedEngine(script: Script, name = '/models/scripted'): ScriptedEngine {
  const asked: Asked[] = []
  let busy = false
  async function* chat(options: ChatOptions): AsyncGenerator<ChatEvent, void> {
    if (busy) throw new TypeError('the server asked for two answers at once')
    busy = true
    const entry: Asked = { options }
    asked.push(entry)
    try {
      for await (const event of script(options)) {
        options.signal?.throwIfAborted()
        yield event
      }
      entry.end = 'done'
    } catch (error) {
      entry.end = options.signal?.aborted ? 'aborted' : 'failed'
      throw error
    } finally {
      // Neither done nor failed: whoever iterated has left.
      entry.end ??= 'left'
      busy = false
    }
  }
  const info = { name, contextLength: 4096, parameters: 1000, bytes: 1100 }
  return { info, asked, chat }
}

/** An error as the packages below throw them: known by its name and its fields. */
export function namedError(name: string, facts: Readonly<Record<string, unknown>>): Error {
  return Object.assign(new Error(`secret words of ${name}`), { name, ...facts })
}

/** What an answer is made of, before it is cut into deltas. */
export type Piece =
  | { readonly type: 'thinking'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly arguments: string }
  /** A call that is cut off: its text becomes content. */
  | { readonly type: 'broken'; readonly name: string; readonly arguments: string }

/** The events of an answer as the engine makes them. `cut` gives the length of the next delta of a text. */
export function* eventsOf(
  pieces: readonly Piece[],
  cut: () => number = () => 7,
  finishReason?: ChatResult['finishReason'],
): Generator<ChatEvent, void> {
  let content = ''
  let thinking = ''
  const toolCalls: { id: string; name: string; arguments: string }[] = []
  let index = 0
  for (const piece of pieces) {
    if (piece.type === 'thinking' || piece.type === 'text') {
      if (piece.type === 'text') content += piece.text
      else thinking += piece.text
      for (const text of cuts(piece.text, cut)) yield { type: `${piece.type}-delta`, text }
      continue
    }
    const call = { id: `call_${index}`, name: piece.name, arguments: piece.arguments }
    yield { type: 'tool-call-start', index, id: call.id, name: call.name }
    for (const text of cuts(piece.arguments, cut)) yield { type: 'tool-call-arguments-delta', index, text }
    if (piece.type === 'call') {
      toolCalls.push(call)
      yield { type: 'tool-call', index, ...call }
    } else {
      yield { type: 'tool-call-invalid', index, reason: 'truncated', ...call }
      content += `${piece.name}${piece.arguments}`
      for (const text of cuts(`${piece.name}${piece.arguments}`, cut)) yield { type: 'text-delta', text }
    }
    index++
  }
  const reason = finishReason ?? (toolCalls.length > 0 ? 'tool-calls' : 'stop')
  yield {
    type: 'finish',
    result: { role: 'assistant', content, thinking, toolCalls, finishReason: reason, usage },
  }
}

function* cuts(text: string, cut: () => number): Generator<string, void> {
  for (let at = 0; at < text.length; ) {
    const length = Math.max(1, cut())
    yield text.slice(at, at + length)
    at += length
  }
}
