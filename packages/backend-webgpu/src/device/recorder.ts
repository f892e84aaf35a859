/**
 * Records runs of programs into one command buffer, until somebody needs their effect.
 *
 * A run costs one slot of the parameters' arena, which is written to the GPU in one piece before the commands are
 * submitted. Both go through the queue in order, so the arena can be used again at once.
 */
import { bytesPerElement } from '@octoscale/tensor'
import { REPORT_BYTES } from '../wgsl/index-check.ts'
import type { Run } from '../wgsl/program.ts'
import { type Bindings, bindingsOf, shapeOf } from './bindings.ts'
import type { Failures } from './failures.ts'
import { type Pipeline, Pipelines } from './pipelines.ts'
import { usage } from './usage.ts'

/** Bytes of a run's parameters: 64 words, and the alignment of offsets that every device takes. */
const SLOT = 256
const SLOTS = 512
const MOST_WORKGROUPS = 65535

export class Recorder {
  readonly #device: GPUDevice
  readonly #failures: Failures
  readonly #pipelines: Pipelines
  readonly #arena: GPUBuffer
  readonly #words = new Uint32Array((SLOTS * SLOT) / 4)
  readonly #floats = new Float32Array(this.#words.buffer)
  readonly #parameters: { readonly plain: GPUBindGroup; readonly withReport: GPUBindGroup }
  readonly #bindGroups = new Map<string, GPUBindGroup>()
  #used = 0
  #encoder: GPUCommandEncoder | undefined
  #pass: GPUComputePassEncoder | undefined
  /** The report of refused indices, `wgsl/index-check.ts`. */
  readonly report: GPUBuffer

  constructor(device: GPUDevice, failures: Failures) {
    this.#device = device
    this.#failures = failures
    this.#pipelines = new Pipelines(device, failures)
    this.#arena = device.createBuffer({
      label: 'parameters',
      size: SLOTS * SLOT,
      usage: usage.uniform | usage.copyDestination,
    })
    this.report = device.createBuffer({
      label: 'report of indices',
      size: REPORT_BYTES,
      usage: usage.storage | usage.copySource | usage.copyDestination,
    })
    const parameters = { binding: 0, resource: { buffer: this.#arena, size: SLOT } }
    const report = { binding: 1, resource: { buffer: this.report } }
    const group = (checksIndices: boolean): GPUBindGroup =>
      device.createBindGroup({
        layout: this.#pipelines.parameterLayout(checksIndices),
        entries: checksIndices ? [parameters, report] : [parameters],
      })
    this.#parameters = { plain: group(false), withReport: group(true) }
  }

  /** Records one run, after all earlier ones. */
  run(run: Run): void {
    const bindings = bindingsOf(run)
    const pipeline = this.#pipelines.get(bindings.shader, run.program, () => shapeOf(run, bindings))
    if (this.#used === SLOTS) this.flush()
    this.#writeParameters(run)
    const pass = this.#openPass()
    pass.setPipeline(pipeline.pipeline)
    const parameters = pipeline.checksIndices ? this.#parameters.withReport : this.#parameters.plain
    pass.setBindGroup(0, parameters, [this.#used * SLOT])
    pass.setBindGroup(1, this.#bindGroup(pipeline, bindings))
    // As even as possible, so that few workgroups are too many.
    const down = Math.ceil(run.workgroups / MOST_WORKGROUPS)
    pass.dispatchWorkgroups(Math.ceil(run.workgroups / down), down)
    this.#used++
  }

  /** Records commands that are no runs, such as copies, after all runs so far. */
  record(commands: (encoder: GPUCommandEncoder) => void): void {
    this.#pass?.end()
    this.#pass = undefined
    this.#encoder ??= this.#device.createCommandEncoder()
    commands(this.#encoder)
  }

  /** Submits what is recorded. */
  flush(): void {
    const encoder = this.#encoder
    if (encoder === undefined) return
    this.#failures.guard({ label: 'a submission of operations', bytes: 0 }, () => {
      this.#pass?.end()
      const { queue } = this.#device
      if (this.#used > 0) queue.writeBuffer(this.#arena, 0, this.#words, 0, (this.#used * SLOT) / 4)
      queue.submit([encoder.finish()])
    })
    this.#encoder = undefined
    this.#pass = undefined
    this.#used = 0
  }

  /** Must be called before a buffer is destroyed: submits its last uses, and lets go of it. */
  release(): void {
    this.flush()
    this.#bindGroups.clear()
  }

  /** The order of the fields in `shaderSource`. */
  #writeParameters({ tensors, numbers, floats = {} }: Run): void {
    let at = (this.#used * SLOT) / 4
    for (const name in tensors) {
      const { dtype, offset } = tensors[name]!.tensor
      this.#words[at++] = offset / bytesPerElement(dtype)
    }
    for (const name in numbers) this.#words[at++] = numbers[name]!
    for (const name in floats) this.#floats[at++] = floats[name]!
  }

  #openPass(): GPUComputePassEncoder {
    this.#encoder ??= this.#device.createCommandEncoder()
    this.#pass ??= this.#encoder.beginComputePass()
    return this.#pass
  }

  #bindGroup(pipeline: Pipeline, { buffers, group: ids }: Bindings): GPUBindGroup {
    const key = `${pipeline.id}${ids}`
    let group = this.#bindGroups.get(key)
    if (group === undefined) {
      const entries = buffers.map(({ gpu }, binding) => ({ binding, resource: { buffer: gpu } }))
      group = this.#failures.guard({ label: 'a bind group', bytes: 0 }, () =>
        this.#device.createBindGroup({ layout: pipeline.buffers, entries }),
      )
      this.#bindGroups.set(key, group)
    }
    return group
  }
}
