/**
 * What went wrong on the device, which WebGPU tells late and elsewhere: error scopes, uncaptured errors, loss.
 *
 * The first failure stays: buffers may then hold anything, so every later read is refused with it instead of
 * giving numbers that nobody computed.
 */
import { DeviceError, OutOfMemoryError } from '@octoscale/tensor'
import { messageOf } from './find-gpu.ts'

/** Whoever let `octoscale` choose made no backend, but did load a model. */
const NEXT = 'make a new backend, and load the model again'

const filters = ['validation', 'out-of-memory', 'internal'] as const

/** What a guarded action is about: a buffer's label and size if it allocates, else only words. */
export interface Action {
  readonly label: string
  readonly bytes: number
}

export class Failures {
  readonly #device: GPUDevice
  readonly #checks = new Set<Promise<void>>()
  #first: Error | undefined

  constructor(device: GPUDevice) {
    this.#device = device
    device.lost.then(({ reason, message }) =>
      this.report(deviceError(`the device was lost (${reason}: ${message}); ${NEXT}`)),
    )
    device.addEventListener('uncapturederror', (event) => {
      event.preventDefault()
      this.report(deviceError(`the device reports: ${event.error.message.trim()}; ${NEXT}`))
    })
  }

  /** Keeps the first failure. */
  report(error: Error): void {
    this.#first ??= error
  }

  /** Calls `run` and sees to it that its errors reach the next `settled`. */
  guard<Result>(action: Action, run: () => Result): Result {
    for (const filter of filters) this.#device.pushErrorScope(filter)
    try {
      return run()
    } finally {
      for (const filter of filters.toReversed()) this.#watch(action, filter)
    }
  }

  #watch({ label, bytes }: Action, filter: GPUErrorFilter): void {
    const check = this.#device.popErrorScope().then(
      (error) => {
        if (error === null) return
        const detail = `the device refuses it (${error.message.trim()}); load a smaller model, or use another backend`
        if (filter === 'out-of-memory') this.report(new OutOfMemoryError({ label, bytes, detail }))
        else this.report(deviceError(`${label} failed: ${error.message.trim()}; please report this fault`))
      },
      // A lost device answers no scope; its loss is told by `lost`.
      () => undefined,
    )
    this.#checks.add(check)
    check.then(() => this.#checks.delete(check))
  }

  /** Throws the first failure, if one is known already. */
  throwKnown(): void {
    if (this.#first !== undefined) throw this.#first
  }

  /** Waits until all guarded actions so far are judged. Throws the first failure, if there is one. */
  async settled(): Promise<void> {
    await Promise.all(this.#checks)
    this.throwKnown()
  }

  /** Waits for data, and throws a typed error where the device gives none. */
  async data<Result>(pending: Promise<Result>): Promise<Result> {
    let result: Result
    try {
      result = await pending
    } catch (cause) {
      await this.settled()
      throw deviceError(`the device gave no data (${messageOf(cause)}); ${NEXT}`, cause)
    }
    await this.settled()
    return result
  }
}

function deviceError(missing: string, cause?: unknown): DeviceError {
  return new DeviceError({ backend: 'webgpu', missing, cause })
}
