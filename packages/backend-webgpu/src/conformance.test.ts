import { createReferenceBackend } from '@octoscale/backend-cpu'
import { describeBackend } from '@octoscale/tensor/testing'
import { createWebgpuBackend } from './index.ts'
import { withGpu } from './testing/with-gpu.ts'

const create = () => createWebgpuBackend()
await withGpu(() => describeBackend({ name: 'webgpu', create, reference: createReferenceBackend }))
