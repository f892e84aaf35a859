import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from '../reference/backend.ts'
import { createWasmBackend } from './index.ts'

describeBackend({ name: 'wasm', create: createWasmBackend, reference: createReferenceBackend })
