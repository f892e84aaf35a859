/** Where WebGPU comes from: the browser's `navigator.gpu`, or in Node the package `webgpu` (Dawn). */
import { DeviceError } from '@octoscale/tensor'

/** The entry point of WebGPU here. Throws `DeviceError` that says what is missing and what to do. */
export function findGpu(): GPU {
  const found = globalThis.navigator?.gpu
  if (found !== undefined && found !== null) return found
  if (globalThis.process?.versions?.node !== undefined) return gpuOfPackage()
  const missing =
    globalThis.isSecureContext === false
      ? 'no navigator.gpu, because this page is not a secure context; serve it over https or from localhost'
      : 'no navigator.gpu; use a browser with WebGPU (Chrome or Edge 113, Safari 26, Firefox 141 or newer), or the wasm backend'
  throw new DeviceError({ backend: 'webgpu', missing })
}

/**
 * Asked for at run time, not imported: bundlers never see the package, and who has no GPU need not install it.
 * The device lives as long as the returned object does.
 */
function gpuOfPackage(): GPU {
  try {
    const { createRequire } = process.getBuiltinModule('node:module')
    const { create } = createRequire(import.meta.url)('webgpu') as { create(options: string[]): GPU }
    if (hasGraphicsLibrary()) return create([])
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException | undefined)?.code === 'MODULE_NOT_FOUND'
    const missing = absent
      ? 'Node has no WebGPU of its own; install the package webgpu (npm install webgpu), or use the wasm backend'
      : `the package webgpu does not start here (${messageOf(cause)}); use Node 22.12 or newer, or the wasm backend`
    throw new DeviceError({ backend: 'webgpu', missing, cause })
  }
  const missing =
    'Node found no Vulkan (libvulkan.so.1); install it with the driver of your GPU, or use the wasm backend'
  throw new DeviceError({ backend: 'webgpu', missing })
}

/**
 * Without Vulkan, Dawn has no adapter on Linux, and writes so to the terminal by itself: so this looks first, as Dawn's
 * linker would. Node refuses any library that is no addon; only its message tells one that is there from one that is not.
 */
function hasGraphicsLibrary(): boolean {
  if (process.platform !== 'linux') return true
  try {
    process.dlopen({ exports: {} } as NodeJS.Module, 'libvulkan.so.1')
    return true
  } catch (error) {
    return !/no such file/i.test(messageOf(error))
  }
}

export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause)
}
