/** Errors across the border of a worker. */
import type { ErrorFacts } from './protocol.ts'

/** Keeps name, message and the fields that are plain values. What is thrown need not be an Error. */
export function factsOf(error: unknown): ErrorFacts {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', message: String(error), fields: {} }
  }
  const fields: Record<string, string | number | boolean> = {}
  for (const [key, value] of Object.entries(error)) {
    if (key === 'name' || key === 'message' || key === 'stack') continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      fields[key] = value
    }
  }
  const { name, message } = error as { name?: unknown; message?: unknown }
  return {
    name: typeof name === 'string' ? name : 'Error',
    message: typeof message === 'string' ? message : String(error),
    fields,
  }
}

/** An error that was thrown in the worker: its name, message and fields. */
export class EngineError extends Error {
  override readonly name: string
  readonly fields: ErrorFacts['fields']
  constructor(facts: ErrorFacts) {
    super(facts.message)
    this.name = facts.name
    this.fields = facts.fields
  }
}

/** The worker itself ended or could not start: its script is missing, or the tab ran out of memory. */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  constructor(detail: string) {
    super(`the worker that runs the model stopped${detail === '' ? '' : `: ${detail}`}; load the model again`)
  }
}
