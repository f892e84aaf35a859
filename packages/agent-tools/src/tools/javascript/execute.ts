import type { QuickJSContext, QuickJSHandle, QuickJSWASMModule } from 'quickjs-emscripten-core'
import { cutText } from './cut-text.ts'
import { stackBytes } from './engine.ts'
import { prelude } from './prelude.ts'
import type { Outcome, SandboxJob } from './protocol.ts'

const fileName = 'code.js'

/**
 * QuickJS's flags JS_EVAL_TYPE_GLOBAL and JS_EVAL_FLAG_ASYNC: a script, not a module, in which `await` works at the top.
 * It gives a promise of `{ value }`.
 */
const globalAsync = 1 << 7

/** What an execution tells while it goes on. */
export interface ExecutionEvents {
  /** All is prepared: the time of the code begins. */
  onStart(): void
  /** A line for the console; all of them together have hardly more than `job.output` bytes. */
  onPrint(text: string): void
}

/**
 * Runs a job in a fresh runtime and returns the value of its last expression as text, of a promise what it settles to.
 * Nothing from outside settles promises, so all that can happen has happened when no job of the engine is left.
 */
export function execute(engine: QuickJSWASMModule, job: SandboxJob, events: ExecutionEvents): Outcome {
  const runtime = engine.newRuntime()
  let deadline = Number.POSITIVE_INFINITY
  let interrupted = false
  runtime.setMemoryLimit(job.memory)
  runtime.setMaxStackSize(stackBytes)
  runtime.setInterruptHandler(() => {
    interrupted ||= performance.now() > deadline
    return interrupted
  })
  const context = runtime.newContext()
  // Nothing is disposed: the worker ends after this, and disposing after an error of memory can abort the module.
  const { show, explain } = install(context, job.output, events)
  const explained = (error: QuickJSHandle): Outcome => {
    if (interrupted) return outOfTime
    const called = context.callFunction(explain, context.undefined, error)
    return called.error ? unknownFailure(interrupted) : readError(context.getString(called.value))
  }
  events.onStart()
  deadline = performance.now() + job.milliseconds
  const started = context.evalCode(job.code, fileName, globalAsync)
  if (started.error) return explained(started.error)
  const jobs = runtime.executePendingJobs()
  if (jobs.error) return explained(jobs.error)
  const whole = context.getPromiseState(started.value)
  if (whole.type === 'rejected') return explained(whole.error)
  if (interrupted) return outOfTime
  if (whole.type === 'pending') return failed('error', 'Error', neverSettles)
  // The value of the last expression, in an object lest it be awaited; if it is a promise, what that has become.
  const value = context.getProp(whole.value, 'value')
  const state = context.getPromiseState(value)
  if (state.type === 'rejected') return explained(state.error)
  const settled = state.type === 'fulfilled' ? state.value : value
  const shown = context.callFunction(show, context.undefined, settled)
  if (shown.error) return unknownFailure(interrupted)
  const { text, cut } = cutText(context.getString(shown.value), job.output)
  return { ok: true, value: text, cut }
}

function install(
  context: QuickJSContext,
  output: number,
  events: ExecutionEvents,
): { show: QuickJSHandle; explain: QuickJSHandle } {
  let left = output
  const write = context.newFunction('print', (handle) => {
    // The line that goes over the limit is the last one that is sent; who receives it sees that there was more.
    if (left < 0) return
    const { text, bytes } = cutText(context.getString(handle), output + 1)
    left -= bytes + 1
    events.onPrint(text)
  })
  const make = context.unwrapResult(context.evalCode(prelude, 'prelude.js'))
  const made = context.unwrapResult(
    context.callFunction(make, context.undefined, write, context.newNumber(output + 1)),
  )
  return { show: context.getProp(made, 'show'), explain: context.getProp(made, 'explain') }
}

function failed(
  failure: 'error' | 'interrupted' | 'memory',
  name: string,
  message: string,
  line = 0,
): Outcome {
  return { ok: false, failure, name, message, line }
}

const outOfTime = failed('interrupted', 'Error', 'the time is up')
const neverSettles = 'the code awaits a promise that never settles: there are no timers and no network'

/** An error that could not be described: in an engine without memory or time nothing runs any more. */
function unknownFailure(interrupted: boolean): Outcome {
  return interrupted ? outOfTime : failed('memory', 'InternalError', 'out of memory')
}

/** JSON that came out of the sandbox: expected fields only, and the place in the code without the engine's frames. */
function readError(json: string): Outcome {
  const { name, message, stack } = JSON.parse(json) as Readonly<Record<string, unknown>>
  const line = Number(
    new RegExp(`\\b${fileName.replace('.', '\\.')}:(\\d{1,9})`).exec(String(stack))?.[1] ?? 0,
  )
  const isMemory = name === 'InternalError' && message === 'out of memory'
  return failed(isMemory ? 'memory' : 'error', cutName(String(name)), cutName(String(message)), line)
}

const cutName = (text: string): string => cutText(text, 2000).text
