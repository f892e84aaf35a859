/**
 * A chat completion put together from its chunks (`choices[0].delta`) or from a whole answer (`choices[0].message`).
 * Servers differ; what can be understood is, and what cannot is a `ModelError` rather than half an answer.
 */
import { describe } from '../describe.ts'
import { ModelError } from '../errors.ts'
import { isRecord } from '../is-record.ts'
import type { ModelEvent, ModelResult, ModelUsage } from '../types.ts'
import { PendingCalls } from './pending-calls.ts'
import { serverError } from './server-error.ts'

/** Characters of one answer: the server is untrusted. */
const maxCharacters = 16_777_216

export class Completion {
  readonly #calls = new PendingCalls()
  #content = ''
  #thinking = ''
  #finishReason: string | undefined
  #usage: ModelUsage | undefined
  #characters = 0
  #begun = false

  /**
   * Takes a chunk, or a whole answer; gives what is new in it.
   *
   * @throws ModelError if it is an error, or no chunk
   */
  push(chunk: unknown): readonly ModelEvent[] {
    if (!isRecord(chunk)) throw malformed('an object', chunk)
    if (chunk.error !== undefined && chunk.error !== null) throw serverError(chunk.error)
    this.#usage = readUsage(chunk.usage) ?? this.#usage
    const choices = chunk.choices ?? []
    if (!Array.isArray(choices)) throw malformed('a list of choices', choices)
    const choice: unknown = choices.find((item) => (item?.index ?? 0) === 0)
    if (choice === undefined) return []
    if (!isRecord(choice)) throw malformed('objects as choices', choice)
    this.#begun = true
    if (typeof choice.finish_reason === 'string') this.#finishReason = choice.finish_reason
    const whole = !isRecord(choice.delta)
    const part = whole ? choice.message : choice.delta
    return isRecord(part) ? this.#take(part, whole) : []
  }

  /**
   * The answer.
   *
   * @param complete whether the server said that it was done, if not by a finish reason
   * @throws ModelError if there is none, it broke off, or the server gave it up
   */
  finish(complete: boolean): ModelResult {
    if (!this.#begun) throw new ModelError({ kind: 'protocol', problem: 'the server sent no answer' })
    if (this.#finishReason === undefined && !complete) {
      throw new ModelError({ kind: 'network', problem: 'the answer broke off before its end' })
    }
    const reason = this.#finishReason
    if (reason === 'content_filter' || reason === 'insufficient_system_resource') {
      throw new ModelError({
        kind: 'server',
        problem: `the server gave the answer up: ${reason}`,
        code: reason,
      })
    }
    const toolCalls = this.#calls.finish()
    return {
      content: this.#content,
      thinking: this.#thinking,
      toolCalls,
      // Servers say `stop` with calls and `tool_calls` without: only `length` can be relied on.
      finishReason: reason === 'length' ? 'length' : toolCalls.length > 0 ? 'tool-calls' : 'stop',
      usage: this.#usage,
    }
  }

  #take(part: Readonly<Record<string, unknown>>, whole: boolean): readonly ModelEvent[] {
    const events: ModelEvent[] = []
    // One thing under two names: vLLM renamed it.
    const thinking = this.#text('reasoning_content', part.reasoning_content ?? part.reasoning)
    if (thinking !== '') events.push({ type: 'thinking-delta', text: thinking })
    this.#thinking += thinking
    const content = this.#text('content', part.content ?? part.refusal)
    if (content !== '') events.push({ type: 'text-delta', text: content })
    this.#content += content
    const calls = part.tool_calls ?? []
    if (!Array.isArray(calls)) throw malformed('a list of tool_calls', calls)
    for (const [position, call] of calls.entries()) {
      if (!isRecord(call)) throw malformed('objects as tool_calls', call)
      this.#count(this.#calls.push(whole ? { ...call, index: position } : call))
    }
    return events
  }

  #text(field: string, value: unknown): string {
    if (value === undefined || value === null) return ''
    if (typeof value !== 'string') throw malformed(`text as ${field}`, value)
    this.#count(value.length)
    return value
  }

  #count(characters: number): void {
    this.#characters += characters
    if (this.#characters <= maxCharacters) return
    throw new ModelError({
      kind: 'protocol',
      problem: `the answer has more than ${maxCharacters} characters`,
    })
  }
}

function malformed(expected: string, got: unknown): ModelError {
  const problem = `the server's answer must have ${expected}, got ${describe(got)}: is this a chat completions server?`
  return new ModelError({ kind: 'protocol', problem })
}

function readUsage(usage: unknown): ModelUsage | undefined {
  if (!isRecord(usage)) return undefined
  const { prompt_tokens: promptTokens, completion_tokens: completionTokens } = usage
  return isCount(promptTokens) && isCount(completionTokens) ? { promptTokens, completionTokens } : undefined
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
