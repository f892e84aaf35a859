/** How a run's tensors lie in buffers: each distinct buffer is bound once, however many tensors are in it. */
import type { Run } from '../wgsl/program.ts'
import type { Place, Shape } from '../wgsl/source.ts'
import { type DeviceBuffer, deviceBuffer } from './buffer.ts'

export interface Bindings {
  readonly buffers: readonly DeviceBuffer[]
  /** By buffer: whether any tensor in it is written. */
  readonly writable: readonly boolean[]
  readonly places: readonly Place[]
  /** Tells apart runs that need different shaders. */
  readonly shader: string
  /** Tells apart lists of buffers. */
  readonly group: string
}

/**
 * WebGPU refuses to bind a buffer twice in one dispatch if one of the two writes; the contract lets any tensors share
 * a buffer. So bindings follow from the buffers, and the shader from what lies where.
 */
export function bindingsOf({ program, tensors, constants = {} }: Run): Bindings {
  const buffers: DeviceBuffer[] = []
  const writable: boolean[] = []
  const places: Place[] = []
  let [shader, group] = [program.name, '']
  for (const name in constants) shader += `,${constants[name]}`
  for (const name in tensors) {
    const { tensor, writes } = tensors[name]!
    const buffer = deviceBuffer(tensor.buffer)
    let binding = buffers.indexOf(buffer)
    if (binding < 0) {
      binding = buffers.push(buffer) - 1
      group += `,${buffer.id}`
    }
    writable[binding] = writes || writable[binding] === true
    places.push({ name, dtype: tensor.dtype, binding, writes })
    shader += `|${tensor.dtype}${binding}${writes ? 'w' : 'r'}`
  }
  return { buffers, writable, places, shader, group }
}

/** What the shader of a run is written from. */
export function shapeOf({ numbers, floats = {}, constants = {} }: Run, bindings: Bindings): Shape {
  const { places, writable } = bindings
  return { places, writable, numbers: Object.keys(numbers), floats: Object.keys(floats), constants }
}
