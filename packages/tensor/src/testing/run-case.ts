/** One case on two backends, compared. Needs no test framework. */
import type { Backend, Policy } from '../backend.ts'
import { isBlockScaled } from '../tensor.ts'
import { readInt32 } from '../transfer.ts'
import { acceptRounded, type Output, readCache } from './cache-outputs.ts'
import type { CacheKind, ConformanceCase, WriteLatentCase } from './case-types.ts'
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

/** `tolerance`: of f32 values; what is stored in fewer bits must be what some value within it rounds to. */
export async function runCase(
  each: ConformanceCase,
  reference: Backend,
  candidate: Backend,
  tolerance: Tolerance = tolerances[candidate.info.policy][each.op],
): Promise<CaseReport> {
  const expected = await runOn(reference, each)
  const got = await runOn(candidate, each)
  let right: ReadonlyMap<string, Output> = expected.outputs
  const kind = roundedCache(each)
  if (kind !== undefined) {
    const exact = (await runOn(reference, { ...each, cache: 'f32' } as WriteLatentCase)).outputs.get('cache')!
    const slack = tolerance.bound * rootMeanSquare(exact.values)
    right = acceptRounded(kind, exact, right, got.outputs, slack)
  }
  const comparisons = new Map<string, Comparison>()
  for (const [name, { values, shape }] of right) {
    comparisons.set(name, compare(values, got.outputs.get(name)!.values, shape))
  }
  return { comparisons, policy: candidate.info.policy, damaged: got.damaged }
}

/** What a case computes and then rounds. `writeKv` rounds what it is given: that must be equal to the bit. */
function roundedCache(each: ConformanceCase): Exclude<CacheKind, 'f32'> | undefined {
  return each.op === 'writeLatent' && each.cache !== 'f32' ? each.cache : undefined
}

/** What is wrong in a report, one line each: worst element with coordinates, both values, bound and its reason. */
export function findProblems(
  each: ConformanceCase,
  { comparisons, policy, damaged }: CaseReport,
  { bound, reason }: Tolerance = tolerances[policy][each.op],
): string[] {
  const problems: string[] = []
  for (const [output, comparison] of comparisons) {
    // Chosen experts are equal or wrong; decoded weights that are only copied are exact; rounded values were compared.
    const copied = each.op === 'linear' && each.x === 'one-hot' && policy !== 'int8'
    const exact = output === 'indices' || copied || roundedCache(each) !== undefined
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
  const outputs = new Map<string, Output>()
  for (const [name, output] of Object.entries(prepared.outputs)) {
    if (isBlockScaled(output) || output.dtype !== 'i32') {
      for (const [part, value] of await readCache(backend, name, output)) outputs.set(part, value)
    } else outputs.set(name, { values: await readInt32(backend, output), shape: output.shape })
  }
  const damaged = await inputs.damaged()
  inputs.free()
  return { outputs, damaged }
}

function rootMeanSquare(values: ArrayLike<number>): number {
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += values[i]! ** 2
  return Math.sqrt(squares / values.length)
}
