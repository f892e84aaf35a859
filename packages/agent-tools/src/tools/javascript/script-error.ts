import { ToolError } from '../tool-error.ts'

/** `error`: the code threw. `time`, `memory`: it went over a limit. `engine`: the sandbox failed and was ended. */
export type ScriptProblem = 'error' | 'time' | 'memory' | 'engine'

/** Code that gave no value. The message begins with what it printed. */
export class ScriptError extends ToolError {
  override readonly name = 'ScriptError'
  readonly reason: ScriptProblem
  /** In the code, counted from 1; 0 if unknown. */
  readonly line: number
  readonly console: string
  constructor(facts: { reason: ScriptProblem; problem: string; line?: number; console: string }) {
    const place = facts.line ? ` (line ${facts.line})` : ''
    const printed = facts.console === '' ? '' : `${facts.console}\n`
    super({ tool: 'run_javascript', message: `${printed}${facts.problem}${place}` })
    this.reason = facts.reason
    this.line = facts.line ?? 0
    this.console = facts.console
  }
}
