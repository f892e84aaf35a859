/** Tool calls put together from fragments, by servers that leave out, repeat or reuse `index`, `id` and `name`. */
import { describe } from '../describe.ts'
import { ModelError } from '../errors.ts'
import { isRecord } from '../is-record.ts'
import type { ToolCall } from '../types.ts'

const maxCalls = 128

interface PendingCall {
  readonly index: unknown
  id: string
  name: string
  arguments: string
}

export class PendingCalls {
  readonly #calls: PendingCall[] = []

  /**
   * Takes a fragment; gives the number of characters that it adds.
   *
   * @throws ModelError if it is none, or one call too many
   */
  push(fragment: Readonly<Record<string, unknown>>): number {
    const called = isRecord(fragment.function) ? fragment.function : {}
    const id = typeof fragment.id === 'string' ? fragment.id : ''
    const name = typeof called.name === 'string' ? called.name : ''
    const call = this.#continued(fragment.index, id, name) ?? this.#begin(fragment.index)
    call.id ||= id
    call.name ||= name
    const added = argumentsText(called.arguments)
    call.arguments += added
    return id.length + name.length + added.length
  }

  /** @throws ModelError if a call has no name */
  finish(): readonly ToolCall[] {
    return this.#calls.map(({ id, name, arguments: text }) => {
      if (name === '') {
        throw new ModelError({ kind: 'protocol', problem: 'the server sent a tool call without a name' })
      }
      return { id: id === '' ? randomId() : id, name, arguments: text }
    })
  }

  /** The call that a fragment goes on with, or undefined if it begins one. */
  #continued(index: unknown, id: string, name: string): PendingCall | undefined {
    // Without an index, an id or else the latest call.
    const call =
      typeof index === 'number'
        ? this.#calls.findLast((other) => other.index === index)
        : id === ''
          ? this.#calls.at(-1)
          : this.#calls.findLast((other) => other.id === id)
    if (call === undefined) return undefined
    if (id !== '' && call.id !== '') return id === call.id ? call : undefined
    if (name === '' || call.name === '') return call
    // A name again: either the server repeats it in every fragment, or this is the next call under a reused index.
    return name === call.name && !isWhole(call.arguments) ? call : undefined
  }

  #begin(index: unknown): PendingCall {
    if (this.#calls.length === maxCalls) {
      throw new ModelError({ kind: 'protocol', problem: `the answer has more than ${maxCalls} tool calls` })
    }
    const call: PendingCall = { index, id: '', name: '', arguments: '' }
    this.#calls.push(call)
    return call
  }
}

/** JSON text; some servers send the object itself. */
function argumentsText(value: unknown): string {
  if (value === undefined || value === null) return ''
  if (typeof value === 'string') return value
  if (isRecord(value)) return JSON.stringify(value)
  throw new ModelError({
    kind: 'protocol',
    problem: `the arguments of a tool call must be JSON text, got ${describe(value)}`,
  })
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** `crypto.randomUUID` is missing in pages served without TLS. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return `call_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
