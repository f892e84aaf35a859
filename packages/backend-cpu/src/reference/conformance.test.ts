/** The reference against itself: the suite's own promises (guard bytes, outputs written, errors), under each policy. */
import { policies } from '@octoscale/tensor'
import { describeBackend } from '@octoscale/tensor/testing'
import { createReferenceBackend } from './backend.ts'

// The other side is found by the name of this package, as by anybody who tests a backend of his own.
for (const policy of policies) {
  describeBackend({ name: `reference, ${policy}`, create: () => createReferenceBackend({ policy }) })
}
