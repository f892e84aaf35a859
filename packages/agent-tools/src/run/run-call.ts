/** One call from the model's text to a result: find the tool, parse, validate, ask a person, run, put into words. */
import { describe } from '../describe.ts'
import type { InputProblem, Tool, ToolCall, ToolResult } from '../types.ts'
import { closestName } from './closest-name.ts'
import { parseArguments } from './parse-arguments.ts'
import { raceSignal } from './race-signal.ts'
import type { Repeats } from './repeats.ts'
import { resultText, truncateMiddle } from './result-text.ts'
import type { ApprovalDecision, RunSettings } from './settings.ts'

export interface CallContext extends Pick<RunSettings, 'tools' | 'maxResultLength'> {
  /** Aborted when the run must end. */
  readonly signal: AbortSignal
  /** Throws once the run must end; sees a time that is up before `signal` does. */
  readonly throwIfStopped: () => void
  /** In words, for the model: why the run was stopped. */
  readonly stopped: () => string
  readonly repeats: Repeats
  /** Takes one of the calls that the run may make; false if none is left. */
  readonly take: () => boolean
  /** Asks a person; undefined if nobody can be asked. */
  readonly approve: ((call: ToolCall, tool: Tool, input: unknown) => Promise<ApprovalDecision>) | undefined
}

interface Outcome {
  readonly content: string
  readonly isError: boolean
}

/** Never rejects. After an abort of `signal` it resolves at once, and what the tool still does is dropped. */
export async function runCall(call: ToolCall, context: CallContext): Promise<ToolResult> {
  const clock = { milliseconds: 0 }
  let outcome: Outcome
  try {
    outcome = await attempt(call, context, clock)
  } catch (error) {
    outcome = context.signal.aborted ? failure(context.stopped()) : failure(errorText(error))
  }
  const content = truncateMiddle(outcome.content, context.maxResultLength)
  const note = context.signal.aborted ? '' : context.repeats.note(call, content)
  const room = context.maxResultLength - note.length
  return {
    call,
    content: note === '' ? content : truncateMiddle(outcome.content, room) + note,
    isError: outcome.isError,
    milliseconds: clock.milliseconds,
  }
}

async function attempt(
  call: ToolCall,
  context: CallContext,
  clock: { milliseconds: number },
): Promise<Outcome> {
  const { signal, tools } = context
  context.throwIfStopped()
  const tool = tools.get(call.name)
  if (tool === undefined) return failure(unknownTool(call.name, tools))
  const parsed = parseArguments(call.arguments)
  if (!parsed.ok) {
    return failure(`The arguments could not be read: ${parsed.problem}. Call again with one JSON object.`)
  }
  const checked = await raceSignal(tool.check(parsed.input), signal)
  if (!checked.ok) return failure(wrongArguments(checked.problems))
  if (tool.needsApproval(checked.input)) {
    const refusal = await askApproval(call, tool, context)
    if (refusal !== undefined) return failure(refusal)
  }
  // Whoever checked or approved may have stopped the run.
  context.throwIfStopped()
  if (!context.take()) {
    return failure('Not run: no more calls are allowed. Answer with what you have.')
  }
  const startedAt = performance.now()
  try {
    return { content: resultText(await execute(tool, checked.input, call, signal)), isError: false }
  } finally {
    clock.milliseconds = performance.now() - startedAt
  }
}

/** Runs a tool under a signal of its own, which follows the run's and the tool's time limit. */
async function execute(tool: Tool, input: unknown, call: ToolCall, outer: AbortSignal): Promise<unknown> {
  const own = new AbortController()
  const stop = (): void => own.abort(outer.reason)
  outer.addEventListener('abort', stop, { once: true })
  const { timeout } = tool
  const expire = (): void =>
    own.abort(new DOMException(`the tool did not finish within ${timeout} ms`, 'TimeoutError'))
  const timer = timeout === undefined ? undefined : setTimeout(expire, timeout)
  try {
    return await raceSignal(tool.execute(input, { signal: own.signal, call }), own.signal)
  } finally {
    clearTimeout(timer)
    outer.removeEventListener('abort', stop)
  }
}

/** Why the call must not run, or undefined. */
async function askApproval(call: ToolCall, tool: Tool, context: CallContext): Promise<string | undefined> {
  const { approve, signal } = context
  if (approve === undefined)
    return 'Not run: this call needs the approval of a person, and nobody can be asked.'
  // Parsed anew: whoever looks at the arguments cannot change what is run.
  const parsed = parseArguments(call.arguments)
  const decision = await raceSignal(approve(call, tool, parsed.ok ? parsed.input : undefined), signal)
  if (decision === true) return undefined
  if (typeof decision !== 'object' || decision === null) return 'Not run: the person refused.'
  if (decision.approved === true) return undefined
  return `Not run: the person refused${decision.reason ? `: ${decision.reason}` : ''}.`
}

function failure(problem: string): Outcome {
  return { content: `Error: ${problem}`.toWellFormed(), isError: true }
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message || error.name : describe(error)
}

function unknownTool(name: string, tools: ReadonlyMap<string, Tool>): string {
  if (tools.size === 0)
    return `There is no tool ${describe(name)}: there are no tools. Answer without calling any.`
  const closest = closestName(name, tools.keys())
  const hint = closest === undefined ? '' : ` Did you mean ${describe(closest)}?`
  return `There is no tool ${describe(name)}.${hint} The tools are: ${[...tools.keys()].join(', ')}.`
}

function wrongArguments(problems: readonly InputProblem[]): string {
  const lines = problems.map(({ path, message }) => `- ${path === '' ? 'the whole' : path}: ${message}`)
  return `The arguments do not fit:\n${lines.join('\n')}\nCall again with arguments that fit.`
}
