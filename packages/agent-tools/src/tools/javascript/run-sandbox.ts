import { type OpenWorker, openJavaScriptWorker, type WorkerEvents } from '../../open-javascript-worker.ts'
import { cutText } from './cut-text.ts'
import { type Outcome, readWorkerMessage, type SandboxJob } from './protocol.ts'

/** What came of a job. `killed`: it did not even react to the interrupt. `crashed`: the worker failed; says how. */
export type SandboxEnd = Outcome | { readonly killed: true } | { readonly crashed: string }

export interface SandboxResult {
  readonly end: SandboxEnd
  /** Printed lines, joined; at most `job.output` bytes. */
  readonly console: string
  readonly consoleCut: boolean
}

/** Milliseconds for a worker to load the engine and prepare: 100 in Node, more where it comes over a network. */
const loadMilliseconds = 30_000
/**
 * Milliseconds that the engine has to interrupt the code by itself before its worker is killed. It needs the kill
 * inside of single native operations, which never ask: `'x'.repeat(1e6)` pushed to a list takes seconds without asking.
 */
const graceMilliseconds = 250

/**
 * Runs one job in a worker of its own, and ends that worker whatever happens. The clock starts when the code
 * does. Rejects with `signal.reason` after an abort.
 */
export async function runSandbox(job: SandboxJob, signal: AbortSignal): Promise<SandboxResult> {
  signal.throwIfAborted()
  const { promise, resolve, reject } = Promise.withResolvers<SandboxEnd>()
  const lines: string[] = []
  let left = job.output
  let consoleCut = false
  let started = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const crash = (problem: string): void => resolve({ crashed: problem })
  const abort = (): void => reject(signal.reason)

  let worker: OpenWorker
  const events: WorkerEvents = {
    onFailure: crash,
    onMessage: (data) => {
      const message = readWorkerMessage(data)
      if (message === undefined) return crash('it sent what cannot be read')
      if (message.type === 'failed') return crash(message.problem)
      if (message.type === 'done') return resolve(limited(message.outcome, job.output))
      if (message.type === 'started') {
        // Once: nothing that comes from there may lengthen its time.
        if (started) return
        started = true
        clearTimeout(timer)
        timer = setTimeout(() => resolve({ killed: true }), job.milliseconds + graceMilliseconds)
        return
      }
      if (consoleCut) return
      const { text, bytes, cut } = cutText(message.text, left)
      if (!(cut && text === '')) lines.push(text)
      left -= bytes + 1
      consoleCut = cut || left < 0
    },
  }
  try {
    worker = openJavaScriptWorker(events)
    worker.send(job)
  } catch (error) {
    return { end: { crashed: `no worker: ${String(error)}` }, console: '', consoleCut }
  }
  timer = setTimeout(() => crash('it did not start'), loadMilliseconds)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return { end: await promise, console: lines.join('\n'), consoleCut }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', abort)
    await worker.end()
  }
}

/** The worker keeps the limit itself; what arrives is checked all the same. */
function limited(outcome: Outcome, bytes: number): Outcome {
  if (outcome.ok) {
    const { text, cut } = cutText(outcome.value, bytes)
    return { ok: true, value: text, cut: cut || outcome.cut }
  }
  const [name, message] = [outcome.name, outcome.message].map((text) => cutText(text, 2000).text)
  return { ...outcome, name: name ?? '', message: message ?? '' }
}
