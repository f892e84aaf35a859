import { defineTool } from '../../define-tool.ts'
import { limit } from '../../limit.ts'
import type { Tool } from '../../types.ts'
import { runSandbox, type SandboxResult } from './run-sandbox.ts'
import { ScriptError } from './script-error.ts'
import { Slots } from './slots.ts'

export interface RunJavaScriptOptions {
  /** Milliseconds that the code may run, without loading the engine. Default: 5000. */
  readonly milliseconds?: number
  /** Bytes that the code may allocate, beside some 12 MiB that the engine has from the start. Default: 64 MiB. */
  readonly memoryBytes?: number
  /** Bytes of UTF-8 of printed lines, and again of the value. Default: 16 KiB. */
  readonly outputBytes?: number
  /** Workers at once; further calls wait. Default: 2. */
  readonly workers?: number
}

const longestCode = 100_000

/**
 * The tool `run_javascript(code)`: modern JavaScript in an engine of its own (QuickJS in WebAssembly, in a worker), in
 * Node and in browsers. The result is what it printed with `console.log` and the value of its last expression. The
 * code reaches no network, no files, no timers and no object of the program; each call starts from nothing in a worker
 * of its own, which is ended afterwards, by force if need be. Faults are ScriptErrors with the line in the code.
 *
 * @throws AgentOptionError
 */
export function runJavaScript(options: RunJavaScriptOptions = {}): Tool {
  const limits = {
    milliseconds: limit('milliseconds', options.milliseconds, 5000, { most: 3_600_000 }),
    memory: limit('memoryBytes', options.memoryBytes, 64 * 2 ** 20),
    output: limit('outputBytes', options.outputBytes, 16 * 2 ** 10, { most: 2 ** 24 }),
  }
  const slots = new Slots(limit('workers', options.workers, 2, { most: 64 }))
  return defineTool({
    name: 'run_javascript',
    description: 'Run JavaScript code.',
    parameters: {
      type: 'object',
      properties: { code: { type: 'string', maxLength: longestCode } },
      required: ['code'],
    },
    execute: async ({ code }, { signal }) => {
      const job = { code: String(code), ...limits }
      // The engine would take it for the end of the code.
      if (job.code.includes('\0'))
        throw new ScriptError({
          reason: 'error',
          problem: 'SyntaxError: zero character in the code',
          console: '',
        })
      return describeResult(await slots.run(() => runSandbox(job, signal), signal), limits)
    },
  })
}

interface Limits {
  readonly milliseconds: number
  readonly memory: number
  readonly output: number
}

/** The text for the model: printed lines, then the value, which is left out if it is undefined behind lines. */
function describeResult({ end, console, consoleCut }: SandboxResult, limits: Limits): string {
  const note = `[cut: only ${limits.output} bytes are shown]`
  const printed = consoleCut ? `${console}\n${note}` : console
  if (!('ok' in end && end.ok)) throw toError(end, printed, limits)
  const value = end.cut ? `${end.value}\n${note}` : end.value
  if (printed === '') return value
  return value === 'undefined' ? printed : `${printed}\n${value}`
}

function toError(end: SandboxResult['end'], console: string, limits: Limits): ScriptError {
  if ('killed' in end || ('ok' in end && !end.ok && end.failure === 'interrupted')) {
    const problem = `the code was stopped after ${limits.milliseconds} ms: it takes too long or never ends`
    return new ScriptError({ reason: 'time', problem, console })
  }
  if ('crashed' in end) {
    const problem = `the sandbox failed (${end.crashed}): the code may use too much memory or recursion`
    return new ScriptError({ reason: 'engine', problem, console })
  }
  if (!end.ok && end.failure === 'error')
    return new ScriptError({
      reason: 'error',
      problem: `${end.name}: ${end.message}`,
      line: end.line,
      console,
    })
  const mebibytes = Math.round(limits.memory / 2 ** 20)
  return new ScriptError({ reason: 'memory', problem: `the code needs more than ${mebibytes} MiB`, console })
}
