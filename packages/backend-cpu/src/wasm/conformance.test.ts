import { describeBackend } from '@octoscale/tensor/testing'
import { createWasmBackend } from './index.ts'

// Compared with the reference of this package, which the suite finds by itself.
describeBackend({ name: 'wasm', create: createWasmBackend })
