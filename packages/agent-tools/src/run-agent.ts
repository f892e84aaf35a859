/** Runs a model with tools: an agent. */
import { AgentStateError } from './errors.ts'
import { Conversation } from './run/conversation.ts'
import { type RunEnd, runSteps } from './run/run-steps.ts'
import { type AgentOptions, checkOptions, type RunSettings } from './run/settings.ts'
import { Stopper } from './run/stopper.ts'
import type { AgentEvent, AgentResult } from './types.ts'

/**
 * A run. Iterate it for events as they come, or wait for `result()`, or both; it can be iterated once. Nothing runs
 * before it is asked for. Leaving the loop aborts the model and the tools.
 */
export interface AgentRun extends AsyncIterable<AgentEvent> {
  /** How it ended; runs the rest of it if nobody is iterating. Never rejects for what a model or a tool does. */
  result(): Promise<AgentResult>
}

/**
 * Answers a conversation, calling tools as the model asks for them.
 *
 * Events come in this order: for each step `step`, the `thinking` and `text` of the answer, a `tool-call` for each of
 * its calls, a `tool-result` for each as it ends; then, if the model failed, `error`; always last, `finish`.
 *
 * What happens in a run never throws: a model that fails ends it with reason `error`, an abort with `aborted`, limits
 * with `steps`, `time` or `length`; a tool that fails gives a result that tells the model so. In each case every call in
 * `result.messages` has exactly one result, so that the conversation can go on. An answer that was not finished is not
 * in it.
 *
 * Tool results are passed on as plain text. That text cannot forge turns only if the model's side encodes it as text:
 * the tokenizer of Octoscale does.
 *
 * @throws AgentOptionError now, for options that make no run; AgentStateError when iterated a second time
 */
export function runAgent(options: AgentOptions): AgentRun {
  return createRun(checkOptions(options))
}

function createRun(settings: RunSettings): AgentRun {
  const conversation = new Conversation(settings.messages)
  const stopper = new Stopper({ signal: settings.signal, milliseconds: settings.maxMilliseconds })
  const { promise, resolve, reject } = Promise.withResolvers<AgentResult>()
  promise.catch(() => {}) // Nobody needs to wait for it.
  let iterated = false
  let ended: AgentResult | undefined

  const conclude = (end: RunEnd): AgentResult => {
    stopper.dispose()
    ended ??= conversation.result(end)
    resolve(ended)
    return ended
  }
  async function* events(): AsyncGenerator<AgentEvent, void> {
    stopper.start()
    try {
      const end = yield* runSteps(settings, conversation, stopper)
      yield { type: 'finish', result: conclude(end) }
    } catch (error) {
      stopper.dispose()
      reject(error)
      throw error
    }
  }
  const iterate = (): AsyncIterator<AgentEvent, void> => {
    if (iterated) throw new AgentStateError()
    iterated = true
    const generator = events()
    return {
      next: () => generator.next(),
      async return() {
        // First the abort: a generator that waits for its model would not hear of the return.
        if (ended === undefined) stopper.leave()
        await generator.return()
        conclude({ reason: 'aborted' })
        return { done: true, value: undefined }
      },
    }
  }
  return {
    [Symbol.asyncIterator]: iterate,
    async result() {
      if (!iterated) {
        for await (const _ of this) {
          // Collected by the conversation.
        }
      }
      return promise
    },
  }
}
