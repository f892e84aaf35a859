/** The loop: ask the model, run what it calls, show it the results, until it is done or a limit is reached. */
import type {
  AgentEvent,
  AgentFinishReason,
  ModelRequest,
  ModelResult,
  ToolCall,
  ToolDefinition,
} from '../types.ts'
import type { Conversation } from './conversation.ts'
import { readAnswer } from './read-answer.ts'
import { Repeats } from './repeats.ts'
import { type CallContext, runCall } from './run-call.ts'
import { runCalls } from './run-calls.ts'
import type { RunSettings } from './settings.ts'
import type { Stopper } from './stopper.ts'

/** How a run ended. */
export interface RunEnd {
  readonly reason: AgentFinishReason
  readonly error?: unknown
}

/** Yields every event but the last, `finish`. Returns how it ended; throws only if this code is wrong. */
export async function* runSteps(
  settings: RunSettings,
  conversation: Conversation,
  stopper: Stopper,
): AsyncGenerator<AgentEvent, RunEnd> {
  const tools: readonly ToolDefinition[] = [...settings.tools.values()].map(definitionOf)
  const execute = caller(settings, stopper)
  for (let step = 1; step <= settings.maxSteps; step++) {
    const before = stopper.why()
    if (before !== undefined) return { reason: before }
    yield { type: 'step', step }

    let answer: ModelResult
    try {
      const request = { messages: conversation.messages, tools, signal: stopper.signal }
      answer = yield* readStep(settings, request, step, stopper)
    } catch (error) {
      const why = stopper.why()
      if (why !== undefined) return { reason: why }
      yield { type: 'error', step, error }
      return { reason: 'error', error }
    }

    const calls = conversation.addAnswer(answer)
    for (const call of calls) yield { type: 'tool-call', step, call }
    // Servers report `stop` with calls, and `tool-calls` without: the calls themselves count. An answer that was cut
    // off may hold half a call, or half of what belonged together: nothing of it is run.
    const cutOff = answer.finishReason === 'length'
    const run = cutOff ? refuse : execute
    for await (const result of runCalls(calls, run, settings.maxParallel)) {
      conversation.setResult(result)
      yield { type: 'tool-result', step, result }
    }
    conversation.closeCalls()
    const after = stopper.why()
    if (after !== undefined && calls.length > 0) return { reason: after }
    if (cutOff) return { reason: 'length' }
    if (calls.length === 0) return { reason: 'stop' }
  }
  return { reason: 'steps' }
}

/** Passes the deltas of one answer on. */
async function* readStep(
  { model }: RunSettings,
  request: ModelRequest,
  step: number,
  stopper: Stopper,
): AsyncGenerator<AgentEvent, ModelResult> {
  const answer = readAnswer(model, request)
  try {
    while (true) {
      const { done, value } = await answer.next()
      if (done) return value
      if (value.text !== '') {
        yield { type: value.type === 'text-delta' ? 'text' : 'thinking', step, text: value.text }
      }
      if (stopper.why() !== undefined) throw stopper.signal.reason
    }
  } finally {
    await answer.return(undefined as never)
  }
}

/** What runs a call within the limits of the run. */
function caller(settings: RunSettings, stopper: Stopper): (call: ToolCall) => ReturnType<typeof runCall> {
  const { approve, tools, maxResultLength } = settings
  const { signal } = stopper
  let left = settings.maxToolCalls
  const context: CallContext = {
    tools,
    maxResultLength,
    signal,
    repeats: new Repeats(),
    throwIfStopped: () => {
      if (stopper.why() !== undefined) throw signal.reason
    },
    stopped: () =>
      `The run was stopped before this call ended${stopper.why() === 'time' ? ': its time is up' : ''}.`,
    take: () => left-- > 0,
    approve: approve && inTurn((call, tool, input) => approve(call, tool, { input, signal }), signal),
  }
  return (call) => runCall(call, context)
}

type Ask = NonNullable<CallContext['approve']>

/** People are asked one thing at a time, in the order in which the calls come to it. */
function inTurn(
  ask: (...about: Parameters<Ask>) => ReturnType<Ask> | Awaited<ReturnType<Ask>>,
  signal: AbortSignal,
): Ask {
  let last: Promise<unknown> = Promise.resolve()
  return (...about) => {
    const answer = last.then(() => {
      signal.throwIfAborted()
      return ask(...about)
    })
    last = answer.catch(() => {})
    return answer
  }
}

async function refuse(call: ToolCall): ReturnType<typeof runCall> {
  const content = 'Error: not run, because the answer was cut off at its limit of tokens.'
  return { call, content, isError: true, milliseconds: 0 }
}

function definitionOf({ name, description, parameters }: ToolDefinition): ToolDefinition {
  return description === undefined ? { name, parameters } : { name, description, parameters }
}
