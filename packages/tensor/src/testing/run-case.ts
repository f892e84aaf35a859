/** One case on two backends, compared. Needs no test framework. */
import type { Backend, Policy } from '../backend.ts'
import type { Tensor } from '../tensor.ts'
import { readFloat32, readInt32 } from '../transfer.ts'
import type { ConformanceCase } from './case-types.ts'
import { type Comparison, compare, describeComparison } from './compare.ts'
import { CaseInputs } from './inputs.ts'
import { prepare } from './prepare.ts'
import { type Tolerance, tolerances } from './tolerance.ts'

export interface CaseReport {
  /** By argument name. */
  readonly comparisons: ReadonlyMap<string, Comparison>
  /** The candidate's. */
  readonly policy: Policy
  /** Labels of the candidate's buffers in which bytes outside of the tensors were changed. */
  readonly damaged: readonly string[]
}

export async function runCase(
  each: ConformanceCase,
  reference: Backend,
  candidate: Backend,
): Promise<CaseReport> {
  const expected = await runOn(reference, each)
  const got = await runOn(candidate, each)
  const comparisons = new Map<string, Comparison>()
  for (const [name, { values, shape }] of expected.outputs) {
    comparisons.set(name, compare(values, got.outputs.get(name)!.values, shape))
  }
  return { comparisons, policy: candidate.info.policy, damaged: got.damaged }
}

/** What is wrong in a report, one line each: worst element with coordinates, both values, bound and its reason. */
export function findProblems(
  each: ConformanceCase,
  { comparisons, policy, damaged }: CaseReport,
  { bound, reason }: Tolerance = tolerances[policy][each.op],
): string[] {
  const problems: string[] = []
  for (const [output, comparison] of comparisons) {
    // Chosen experts are equal or wrong; decoded weights that are only copied are exact.
    const copied = each.op === 'linear' && each.x === 'one-hot' && policy !== 'int8'
    const exact = output === 'indices' || copied
    const limit = exact ? 0 : bound
    // Not `error > limit`: an error that is NaN is a problem.
    if (comparison.error <= limit) continue
    const why = exact ? 'must be exact' : reason
    problems.push(`${describeComparison(output, comparison)}, bound ${limit} (${why})`)
  }
  for (const label of damaged) problems.push(`bytes of buffer ${label} outside of its tensor were changed`)
  return problems
}

async function runOn(backend: Backend, each: ConformanceCase) {
  const inputs = new CaseInputs(backend, each)
  const prepared = prepare(each, inputs)
  prepared.run()
  const outputs = new Map<string, { values: ArrayLike<number>; shape: readonly number[] }>()
  for (const [name, output] of Object.entries(prepared.outputs)) {
    outputs.set(name, { values: await values(backend, output), shape: output.shape })
  }
  const damaged = await inputs.damaged()
  inputs.free()
  return { outputs, damaged }
}

function values(backend: Backend, output: Tensor): Promise<ArrayLike<number>> {
  return output.dtype === 'i32' ? readInt32(backend, output) : readFloat32(backend, output)
}
