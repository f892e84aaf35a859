import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from './backend.ts'

// Against itself: the contract tests, and that every case runs and leaves its surroundings alone.
describeBackend({ name: 'reference', create: createReferenceBackend, reference: createReferenceBackend })
