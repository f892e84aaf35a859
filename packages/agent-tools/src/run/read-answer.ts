/** One answer of a model, read as it streams. */
import { describe } from '../describe.ts'
import { ModelError } from '../errors.ts'
import type { AgentModel, ModelEvent, ModelRequest, ModelResult } from '../types.ts'
import { raceSignal } from './race-signal.ts'

/** A model that is stopped is given this long to let go of what it holds, so that it can be used again right away. */
const graceMilliseconds = 500

type Delta = Extract<ModelEvent, { text: string }>

/** Yields deltas, returns the result. Throws what the model throws, and `request.signal.reason` once it is aborted. */
export async function* readAnswer(
  model: AgentModel,
  request: ModelRequest,
): AsyncGenerator<Delta, ModelResult> {
  const { signal } = request
  const iterator = model(request)[Symbol.asyncIterator]()
  let pending: Promise<unknown> = Promise.resolve()
  try {
    while (true) {
      const next = iterator.next()
      pending = next
      const { done, value: event } = await raceSignal(next, signal)
      if (done) break
      if (event.type === 'finish') return checkResult(event.result)
      if (
        (event.type === 'text-delta' || event.type === 'thinking-delta') &&
        typeof event.text === 'string'
      ) {
        yield event
      }
    }
  } finally {
    await letGo(pending, iterator)
  }
  throw new ModelError({ kind: 'protocol', problem: 'the model ended its answer without a finish event' })
}

/** Ends the iteration, waiting for it a little. Errors no longer matter: the answer is there, or given up. */
async function letGo(pending: Promise<unknown>, iterator: AsyncIterator<ModelEvent>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, graceMilliseconds)
  })
  const end = async (): Promise<void> => {
    try {
      await pending
      await iterator.return?.()
    } catch {
      // Given up already.
    }
  }
  await Promise.race([end(), grace])
  clearTimeout(timer)
}

/** Models are other people's code: what the loop relies on is checked. */
function checkResult(result: ModelResult): ModelResult {
  const fail = (expected: string, got: unknown): never => {
    throw new ModelError({
      kind: 'protocol',
      problem: `the model's result must have ${expected}, got ${describe(got)}`,
    })
  }
  if (typeof result?.content !== 'string') return fail('text as content', result?.content)
  if (typeof result.thinking !== 'string') return fail('text as thinking', result.thinking)
  if (!Array.isArray(result.toolCalls)) return fail('a list as toolCalls', result.toolCalls)
  for (const call of result.toolCalls) {
    for (const value of [call?.id, call?.name, call?.arguments]) {
      if (typeof value !== 'string') return fail('calls of text id, name and arguments', value)
    }
  }
  return result
}
