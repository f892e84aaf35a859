import variant from '@jitl/quickjs-singlefile-browser-release-sync'
import { newQuickJSWASMModuleFromVariant, newVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core'

const pageBytes = 65_536
/** What the engine begins with, for its stack and itself, and the most that it is compiled for. */
const initialPages = 256
const mostPages = 32_768

/**
 * QuickJS as WebAssembly: a JavaScript engine of its own, with no object of this one in it. About 30 ms. Its memory
 * grows by `bytes` at most. QuickJS has a limit too, but compiled to WebAssembly it does not know the sizes of what it
 * allocated: strings and buffers of 2 GB count for it as a few KB.
 */
export function loadEngine(bytes: number): Promise<QuickJSWASMModule> {
  const maximum = Math.min(mostPages, initialPages + Math.ceil(bytes / pageBytes))
  const wasmMemory = new WebAssembly.Memory({ initial: initialPages, maximum })
  return newQuickJSWASMModuleFromVariant(newVariant(variant, { wasmMemory }))
}

/**
 * Stack of the engine, in bytes: about 370 nested calls. In Node, deep recursion in native code (`JSON.stringify`) stays
 * below the stack of a thread with 64 KiB and overflows it with 128 KiB. A Chromium worker has a smaller stack, which
 * 64 KiB can overflow too: the engine then fails, and with it only the worker of this one run.
 */
export const stackBytes: number = 64 * 1024
