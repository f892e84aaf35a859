import { loadEngine } from './engine.ts'
import { execute } from './execute.ts'
import type { Outcome, SandboxJob, WorkerMessage } from './protocol.ts'

/** The part of a message port that workers of Node and of browsers share. */
export interface WorkerPort {
  send(message: WorkerMessage): void
  onJob(listener: (job: SandboxJob) => void): void
}

/** What a worker does: load the engine and run one job. What fails is said to the owner. */
export function serve(port: WorkerPort): void {
  port.onJob(async (job) => {
    try {
      const outcome = execute(await loadEngine(job.memory), job, {
        onStart: () => port.send({ type: 'started' }),
        onPrint: (text) => port.send({ type: 'console', text }),
      })
      port.send({ type: 'done', outcome })
    } catch (error) {
      // The engine itself gave up; its memory is in no known state, and nobody uses it again.
      if (isStackOverflow(error)) port.send({ type: 'done', outcome: stackOverflow })
      else port.send({ type: 'failed', problem: String(error) })
    }
  })
}

/** The stack of the worker, where it is smaller than the engine's: its native code can recurse too, as in JSON. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof Error && /call stack|too much recursion/i.test(error.message)
}

const stackOverflow: Outcome = {
  ok: false,
  failure: 'error',
  name: 'InternalError',
  message: 'stack overflow',
  line: 0,
}
