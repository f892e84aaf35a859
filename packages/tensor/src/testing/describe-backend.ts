/** The conformance suite as vitest tests. A backend's test file is one call of `describeBackend`. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Backend, Policy } from '../backend.ts'
import { DeviceError } from '../errors.ts'
import type { ConformanceCase } from './case-types.ts'
import { conformanceCases } from './cases.ts'
import { describeContract } from './contract.ts'
import { findProblems, runCase } from './run-case.ts'
import type { Tolerance } from './tolerance.ts'

export interface BackendUnderTest {
  readonly name: string
  /** A new backend, arguments checked (`checked()`). */
  create(): Promise<Backend> | Backend
  /**
   * The backend that defines the results, of the same policy. Default: the reference of `@octoscale/backend-cpu`, which
   * must be installed then. In a page it must be given: a name cannot be looked up there.
   */
  reference?(options: { policy: Policy }): Promise<Backend> | Backend
  /** What this backend does not do, each with its reason, which is printed. */
  readonly skip?: readonly { readonly reason: string; cases(each: ConformanceCase): boolean }[]
  /** Looser or tighter bounds for single operations, each with its reason. */
  readonly tolerance?: Partial<Record<ConformanceCase['op'], Tolerance>>
}

/** Declares the tests of one backend: every conformance case against the reference, then the contract. */
export function describeBackend(under: BackendUnderTest): void {
  describe(`${under.name}: conformance`, () => {
    let candidate: Backend
    let reference: Backend
    // What was made: a failure to make one is then the only one that is reported.
    const made: Backend[] = []
    beforeAll(async () => {
      candidate = await under.create()
      made.push(candidate)
      reference = await (under.reference ?? referenceOf)({ policy: candidate.info.policy })
      made.push(reference)
    })
    afterAll(() => {
      for (const each of made) each.dispose()
    })
    for (const each of conformanceCases) {
      const title = `${each.op}: ${each.name}`
      const skipped = under.skip?.find(({ cases }) => cases(each))
      if (skipped !== undefined) test.skip(`${title} (${skipped.reason})`)
      else {
        test(title, async () => {
          const tolerance = under.tolerance?.[each.op]
          const report = await runCase(each, reference, candidate, tolerance)
          expect(findProblems(each, report, tolerance)).toEqual([])
        })
      }
    }
  })
  describeContract(under)
}

async function referenceOf(options: { policy: Policy }): Promise<Backend> {
  // Not a literal: the package that has it depends on this one, so no tool may resolve it while building this one.
  const name: string = '@octoscale/backend-cpu'
  const missing = `tests need ${name} as the definition of the results: install it, or give \`reference\``
  const found = (await import(/* @vite-ignore */ name).catch((cause: unknown) => {
    throw new DeviceError({ backend: 'reference', missing, cause })
  })) as { createReferenceBackend(options: { policy: Policy }): Backend }
  return found.createReferenceBackend(options)
}
