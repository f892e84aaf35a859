import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from '../reference/backend.ts'
import { createWasmBackend } from './index.ts'

// Also run in a page, where the suite cannot find the reference by its name.
describeBackend({ name: 'wasm', create: createWasmBackend, reference: createReferenceBackend })
