import { Failures } from './device/failures.ts'
import { DeviceMemory } from './device/memory.ts'
import { Recorder } from './device/recorder.ts'
import type { Runtime } from './runtime.ts'
import { createTables } from './tables.ts'

/** Memory on a device, and what kernels need, which share it. */
export function runtimeOnDevice(device: GPUDevice): { memory: DeviceMemory; runtime: Runtime } {
  const failures = new Failures(device)
  const recorder = new Recorder(device, failures)
  const memory = new DeviceMemory(device, failures, recorder)
  const runtime: Runtime = {
    run: (run) => recorder.run(run),
    scratch: (name, dtype, shape) => memory.scratch(name, dtype, shape),
    table: createTables(memory),
  }
  return { memory, runtime }
}
