import { policies } from '@octoscale/tensor'
import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from '../reference/backend.ts'
import { createWasmBackend } from './index.ts'

for (const policy of policies) {
  for (const threads of [1, 2]) {
    describeBackend({
      name: `wasm, ${policy}, ${threads} threads`,
      create: () => createWasmBackend({ policy, threads }),
      // Also run in a page, where the suite cannot find the reference by its name.
      reference: createReferenceBackend,
    })
  }
}
