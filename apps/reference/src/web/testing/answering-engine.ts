/** The scripted engine of the server's tests, with answers chosen by the last message. */
import { setTimeout as wait } from 'node:timers/promises'
import type { ChatMessage } from 'octoscale'
import {
  eventsOf,
  type Piece,
  type ScriptedEngine,
  scriptedEngine,
} from '../../server/testing/scripted-engine.ts'

export interface ScriptedAnswer {
  readonly thinking?: string
  readonly text?: string
  readonly call?: { readonly name: string; readonly arguments: string }
  /** Thrown after the text. */
  readonly error?: Error
  /** Between two deltas. */
  readonly milliseconds?: number
}

export function answeringEngine(answer: (last: ChatMessage) => ScriptedAnswer): ScriptedEngine {
  return scriptedEngine(async function* ({ messages }) {
    const last = (messages as readonly ChatMessage[]).at(-1) as ChatMessage
    const { thinking = '', text = '', call, error, milliseconds = 0 } = answer(last)
    const pieces: readonly Piece[] = [
      { type: 'thinking', text: thinking },
      { type: 'text', text },
      ...(call === undefined ? [] : [{ type: 'call' as const, ...call }]),
    ]
    // A long text comes in larger deltas: some thousand of them would take the page seconds.
    const cut = Math.max(7, Math.ceil(text.length / 100))
    for (const event of eventsOf(pieces, () => cut)) {
      if (event.type === 'finish' && error !== undefined) throw error
      yield event
      if (milliseconds > 0) await wait(milliseconds)
    }
  }, 'scripted')
}
