/** A backend of plain WGSL compute shaders: any GPU with WebGPU, in browsers and in Node. */
export { createWebgpuBackend, type WebgpuOptions } from './create-backend.ts'
