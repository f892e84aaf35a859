import { parseChat } from '@octoscale/tokenizer'
import type { Expectation, ToolCall } from './types.ts'

interface Scorable {
  readonly thinking: boolean
  readonly expect: Expectation
}

/** The parts of an answer that are judged; what `chat()` returns has them. */
export interface ScoredReply {
  readonly thinking: string
  readonly content: string
  readonly toolCalls: readonly ToolCall[]
}

export interface Score {
  readonly ok: boolean
  readonly reason: string
}

const right: Score = { ok: true, reason: '' }
const wrong = (reason: string): Score => ({ ok: false, reason })

/** Property order does not matter to a tool, everything else does. */
function canonical(text: string): string {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return `no object: ${text}`
    return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  } catch {
    return `no JSON: ${text}`
  }
}

function scoreCalls(expected: readonly ToolCall[], got: readonly ToolCall[]): Score {
  if (got.length !== expected.length) return wrong(`${got.length} calls instead of ${expected.length}`)
  for (const [index, call] of expected.entries()) {
    const other = got[index]!
    if (other.name !== call.name) return wrong(`tool ${other.name} instead of ${call.name}`)
    if (canonical(other.arguments) !== canonical(call.arguments)) {
      return wrong(`arguments ${other.arguments} instead of ${call.arguments}`)
    }
  }
  return right
}

/** The result is the last number of the answer; "5 - 7 = -2" ends in a negative one. */
function lastNumber(answer: string): string | undefined {
  return answer.match(/(?<![\w.])-?\d+(?:\.\d+)?/g)?.at(-1)
}

/** A value counts only where it stands alone: 48 is not in 448, 2^-1 is not in 2^-14. */
function containsValue(answer: string, value: string): boolean {
  for (let at = answer.indexOf(value); at >= 0; at = answer.indexOf(value, at + 1)) {
    const joinedBefore = /(\w|\d\.|-)$/.test(answer.slice(0, at)) && /^\w/.test(value)
    const joinedAfter = /^(\w|\.\d)/.test(answer.slice(at + value.length)) && /\w$/.test(value)
    if (!joinedBefore && !joinedAfter) return true
  }
  return false
}

/** Thinking mode: a thought, then an answer. Otherwise: no thought and no think tag. */
export function scoreMode(thinking: boolean, reply: ScoredReply): Score {
  if (!thinking) {
    const clean = reply.thinking === '' && !/<\/?think>/.test(reply.content)
    return clean ? right : wrong('thinks outside thinking mode')
  }
  if (reply.thinking.trim() === '') return wrong('empty thought')
  return reply.content.trim() === '' ? wrong('no answer after the thought') : right
}

/** Judges an answer. Every row also demands that the thinking switch was obeyed. */
export function scoreReply(item: Scorable, reply: ScoredReply): Score {
  const { expect, thinking } = item
  const mode = scoreMode(thinking, reply)
  if (!mode.ok) return mode
  if (expect.kind === 'calls') return scoreCalls(expect.calls ?? [], reply.toolCalls)
  const answer = reply.content.trim()
  if (reply.toolCalls.length > 0 || answer.includes('<｜tool▁')) return wrong('called a tool')
  if (answer === '') return wrong('empty answer')
  if (expect.kind === 'number') {
    const got = lastNumber(answer)
    return got === expect.number ? right : wrong(`${got} instead of ${expect.number}`)
  }
  if (expect.kind === 'contains') {
    const missing = expect.values?.find((value) => !containsValue(answer, value))
    return missing === undefined ? right : wrong(`"${answer}" lacks "${missing}"`)
  }
  if (expect.kind === 'exact') {
    const value = expect.values?.[0]
    return answer === value ? right : wrong(`"${answer}" instead of "${value}"`)
  }
  return right
}

/** Judges a completion given as text, special tokens included. */
export function score(item: Scorable, text: string): Score {
  return scoreReply(item, parseChat(text, { thinking: item.thinking }))
}
