import { describe } from './describe.ts'
import { AgentOptionError } from './errors.ts'

/** What `setTimeout` takes: about 24 days. */
export const longestTimeout: number = 2 ** 31 - 1

/** An option that bounds something: an integer, from 1 to 2^31 - 1 unless `range` says otherwise. */
export function limit(
  option: string,
  value: number | undefined,
  otherwise: number,
  range: { readonly least?: number; readonly most?: number } = {},
): number {
  const { least = 1, most = 2 ** 31 - 1 } = range
  const chosen = value ?? otherwise
  if (Number.isInteger(chosen) && chosen >= least && chosen <= most) return chosen
  throw new AgentOptionError({
    option,
    expected: `an integer from ${least} to ${most}`,
    got: describe(chosen),
  })
}
