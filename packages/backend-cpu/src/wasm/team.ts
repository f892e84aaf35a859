/** Worker threads, in Node and in browsers, that live in `work` of `assembly/execute.ts`. */
import type { IndexFault } from './control.ts'
import { openWorker, type Worker, type WorkerStart } from './open-worker.ts'

export interface TeamEvents {
  /** The threads have reached the next fence. */
  onFence(fault: IndexFault | undefined): void
  /** A thread has ended or failed: nothing more will come. */
  onFailure(problem: string): void
}

export interface Team {
  /** Whether the process may not end meanwhile. */
  hold(held: boolean): void
  end(): void
}

/** How long a worker may take to start, in milliseconds: a page that forbids it may say nothing. */
const PATIENCE = 10_000

/**
 * Starts `threads` workers, all ready. Rejects with a text that says why, when one does not start; none runs then.
 */
export async function startTeam(
  start: Omit<WorkerStart, 'thread'>,
  threads: number,
  events: TeamEvents,
): Promise<Team> {
  const workers: Worker[] = []
  const end = () => {
    for (const worker of workers.splice(0)) worker.end()
  }
  const startOne = (thread: number) =>
    new Promise<void>((resolve, reject) => {
      let ready = false
      const late = setTimeout(() => reject('a worker did not start in time'), PATIENCE)
      const settle = (problem?: string) => {
        clearTimeout(late)
        ready = true
        if (problem === undefined) resolve()
        else reject(problem)
      }
      const worker = openWorker(
        { ...start, thread },
        {
          onMessage(message) {
            if (!ready) settle()
            else events.onFence(faultOf(message))
          },
          onFailure(problem) {
            if (!ready) settle(problem)
            else if (workers.includes(worker)) events.onFailure(problem)
          },
        },
      )
      workers.push(worker)
    })
  try {
    await Promise.all(Array.from({ length: threads }, (_, thread) => startOne(thread)))
  } catch (problem) {
    end()
    throw problem
  }
  const hold = (held: boolean) => {
    for (const worker of workers) worker.hold(held)
  }
  hold(false)
  return { hold, end }
}

/** The arguments of `fence` of `assembly/execute.ts`, as the worker sends them. */
function faultOf(message: unknown): IndexFault | undefined {
  const [, failed, op, tensor, index, limit] = message as readonly number[]
  return failed === 1 ? [op!, tensor!, index!, limit!] : undefined
}
