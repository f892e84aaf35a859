import variant from '@jitl/quickjs-singlefile-browser-release-sync'
import { newQuickJSWASMModuleFromVariant, type QuickJSWASMModule } from 'quickjs-emscripten-core'

/** QuickJS as WebAssembly: a JavaScript engine of its own, with no object of this one in it. About 30 ms. */
export function loadEngine(): Promise<QuickJSWASMModule> {
  return newQuickJSWASMModuleFromVariant(variant)
}

/**
 * Stack of the engine, in bytes: about 370 nested calls. In Node, deep recursion in native code (`JSON.stringify`) stays
 * below the stack of a thread with 64 KiB and overflows it with 128 KiB. A Chromium worker has a smaller stack, which
 * 64 KiB can overflow too: the engine then fails, and with it only the worker of this one run.
 */
export const stackBytes: number = 64 * 1024
