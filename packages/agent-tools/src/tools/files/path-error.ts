import { ToolError } from '../tool-error.ts'

/** Why a path is refused. `changed`: what it leads to was exchanged while it was opened. */
export type PathProblem =
  | 'name'
  | 'absolute'
  | 'outside'
  | 'hidden'
  | 'missing'
  | 'kind'
  | 'changed'
  | 'denied'

/** A path that the file tools do not follow. */
export class PathError extends ToolError {
  override readonly name = 'PathError'
  /** As the model wrote it, shortened to 200 characters. */
  readonly path: string
  readonly reason: PathProblem
  constructor(facts: { path: string; reason: PathProblem; problem: string; tool?: string; cause?: unknown }) {
    const path = facts.path.length > 200 ? `${facts.path.slice(0, 200).toWellFormed()}...` : facts.path
    super({ tool: facts.tool ?? 'files', message: `${path}: ${facts.problem}`, cause: facts.cause })
    this.path = path
    this.reason = facts.reason
  }
}

/** A file that is not what a tool can read: too large, or not UTF-8 text. */
export class FileContentError extends ToolError {
  override readonly name = 'FileContentError'
  readonly path: string
  readonly reason: 'too-large' | 'binary' | 'window'
  constructor(facts: { path: string; reason: 'too-large' | 'binary' | 'window'; problem: string }) {
    super({ tool: 'files', message: `${facts.path}: ${facts.problem}` })
    this.path = facts.path
    this.reason = facts.reason
  }
}
