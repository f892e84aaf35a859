/** Two CPU backends of one contract: `reference` defines every operation, `wasm` is the fast one. */
export { createReferenceBackend, type ReferenceOptions } from './reference/backend.ts'
export { createWasmBackend } from './wasm/index.ts'
export type { WasmOptions } from './wasm/start.ts'
