/** Compiled programs: one for each way that tensors share buffers, made when first needed and kept. */
import type { Program } from '../wgsl/program.ts'
import { type Shape, shaderSource } from '../wgsl/source.ts'
import type { Failures } from './failures.ts'
import { COMPUTE_STAGE } from './usage.ts'

export interface Pipeline {
  /** Distinct, for keys of bind groups. */
  readonly id: number
  readonly pipeline: GPUComputePipeline
  /** Group 1: the tensors' buffers. Group 0 has the parameters, and the report of indices if `checksIndices`. */
  readonly buffers: GPUBindGroupLayout
  readonly checksIndices: boolean
}

export class Pipelines {
  readonly #device: GPUDevice
  readonly #failures: Failures
  readonly #pipelines = new Map<string, Pipeline>()
  readonly #layouts = new Map<string, GPUBindGroupLayout>()

  constructor(device: GPUDevice, failures: Failures) {
    this.#device = device
    this.#failures = failures
  }

  /** `key` tells programs and shapes apart; `shape` is asked for when it is new. */
  get(key: string, program: Program, shape: () => Shape): Pipeline {
    const known = this.#pipelines.get(key)
    if (known !== undefined) return known
    const made = this.#failures.guard({ label: `shader ${program.name}`, bytes: 0 }, () =>
      this.#make(program, shape()),
    )
    this.#pipelines.set(key, made)
    return made
  }

  /** Group 0: parameters, at an offset given with each run; the report of indices. */
  parameterLayout(checksIndices: boolean): GPUBindGroupLayout {
    const report = checksIndices ? [{ type: 'storage' } as const] : []
    return this.#layout([{ type: 'uniform', hasDynamicOffset: true }, ...report])
  }

  #make(program: Program, shape: Shape): Pipeline {
    const checksIndices = program.index !== undefined
    const buffers = this.#layout(
      shape.writable.map((write) => ({ type: write ? 'storage' : 'read-only-storage' })),
    )
    const layout = this.#device.createPipelineLayout({
      bindGroupLayouts: [this.parameterLayout(checksIndices), buffers],
    })
    const label = program.name
    const module = this.#device.createShaderModule({ label, code: shaderSource(program, shape) })
    const pipeline = this.#device.createComputePipeline({ label, layout, compute: { module } })
    return { id: this.#pipelines.size, pipeline, buffers, checksIndices }
  }

  #layout(bindings: readonly GPUBufferBindingLayout[]): GPUBindGroupLayout {
    const key = bindings.map(({ type }) => type).join()
    let layout = this.#layouts.get(key)
    if (layout === undefined) {
      const entries = bindings.map((buffer, binding) => ({ binding, visibility: COMPUTE_STAGE, buffer }))
      layout = this.#device.createBindGroupLayout({ entries })
      this.#layouts.set(key, layout)
    }
    return layout
  }
}
