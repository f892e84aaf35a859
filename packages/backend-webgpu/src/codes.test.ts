import { describeCodes } from './testing/describe-codes.ts'
import { withGpu } from './testing/with-gpu.ts'

await withGpu(describeCodes)
