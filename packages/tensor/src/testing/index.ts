/** The conformance suite: for authors of backends. `describeBackend` needs vitest; the rest needs nothing. */
export type { CacheKind, ConformanceCase, WeightKind } from './case-types.ts'
export { conformanceCases } from './cases.ts'
export { type Comparison, compare, describeComparison } from './compare.ts'
export { type BackendUnderTest, describeBackend } from './describe-backend.ts'
export { createRandom, type Random } from './random.ts'
export { type CaseReport, findProblems, runCase } from './run-case.ts'
export { type Tolerance, tolerances } from './tolerance.ts'
