/** The reference against itself: the suite's own promises (guard bytes, outputs written, errors), under each policy. */
import { policies } from '@octoscale/tensor'
import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from './backend.ts'

for (const policy of policies) {
  const create = () => createReferenceBackend({ policy })
  describeBackend({ name: `reference, ${policy}`, create, reference: createReferenceBackend })
}
