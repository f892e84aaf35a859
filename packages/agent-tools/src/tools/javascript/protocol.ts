/** What passes between a program and the worker that runs code for it: plain data, all of it text and numbers. */

/** To the worker: one piece of code. A worker runs one job and is then ended. */
export interface SandboxJob {
  readonly code: string
  /** Milliseconds until the engine interrupts the code. */
  readonly milliseconds: number
  /** Bytes by which the engine's memory may grow, and the most for one object. */
  readonly memory: number
  /** Bytes of UTF-8 that console lines, and again that the value, may have. */
  readonly output: number
}

/** Why there is no value. `interrupted`: the time was up. */
export type Failure = 'error' | 'interrupted' | 'memory'

export type Outcome =
  /** `cut`: the value is longer than what is kept of it. */
  | { readonly ok: true; readonly value: string; readonly cut: boolean }
  | {
      readonly ok: false
      readonly failure: Failure
      readonly name: string
      readonly message: string
      /** In the code, counted from 1; 0 if unknown. */
      readonly line: number
    }

/** From the worker. Console lines come as they are printed, so that they outlive a worker that has to be killed. */
export type WorkerMessage =
  /** The engine is loaded, and the code of the job begins to run. */
  | { readonly type: 'started' }
  | { readonly type: 'console'; readonly text: string }
  | { readonly type: 'done'; readonly outcome: Outcome }
  /** The engine did not load, or failed. */
  | { readonly type: 'failed'; readonly problem: string }

/**
 * Checks a message of a worker. The engine in it runs hostile code: should that ever break out into the worker, all it
 * can send are these shapes.
 */
export function readWorkerMessage(data: unknown): WorkerMessage | undefined {
  const message = fields(data)
  if (message.type === 'started') return { type: 'started' }
  if (message.type === 'console' && typeof message.text === 'string')
    return { type: 'console', text: message.text }
  if (message.type === 'failed' && typeof message.problem === 'string')
    return { type: 'failed', problem: message.problem.slice(0, 200) }
  const outcome = fields(message.outcome)
  if (message.type !== 'done') return undefined
  if (outcome.ok === true && typeof outcome.value === 'string')
    return { type: 'done', outcome: { ok: true, value: outcome.value, cut: outcome.cut === true } }
  const { failure, name, message: text, line } = outcome
  if (failure !== 'error' && failure !== 'interrupted' && failure !== 'memory') return undefined
  if (typeof name !== 'string' || typeof text !== 'string' || typeof line !== 'number') return undefined
  return { type: 'done', outcome: { ok: false, failure, name, message: text, line } }
}

function fields(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {}
}
