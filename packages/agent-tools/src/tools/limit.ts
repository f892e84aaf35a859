import { AgentOptionError } from '../errors.ts'

/** An option that bounds something: an integer above 0, at most 2^31 - 1 or `most`. */
export function limit(
  option: string,
  value: number | undefined,
  otherwise: number,
  most: number = 2 ** 31 - 1,
): number {
  const chosen = value ?? otherwise
  if (Number.isInteger(chosen) && chosen > 0 && chosen <= most) return chosen
  throw new AgentOptionError({ option, expected: `an integer from 1 to ${most}`, got: String(chosen) })
}
