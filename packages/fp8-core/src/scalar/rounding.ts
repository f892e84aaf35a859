/** How a number between two neighbours of a format goes to one of them: each rule in one line. */

/** Names of the rounding rules; see {@link Rounding}. */
export const roundings = [
  'nearest',
  'nearest-even',
  'nearest-away',
  'toward-zero',
  'up',
  'down',
  'to-odd',
  'stochastic',
  'hybrid',
] as const

/**
 * - `nearest-even`: to the nearest; a tie to the even code (IEEE 754 roundTiesToEven).
 * - `nearest-away`: to the nearest; a tie to the larger magnitude. HiF8's default.
 * - `nearest`: what the format's makers call rounding to nearest: `nearest-away` for HiF8, `nearest-even` for the others.
 * - `toward-zero`, `up` (towards +Infinity), `down` (towards -Infinity).
 * - `to-odd`: what is inexact to the neighbour with the odd code. A later rounding to fewer bits is then not disturbed.
 * - `stochastic`: to a neighbour at random, to the nearer one more often, so that the mean is the number itself.
 * - `hybrid`: HiF8's second rule, see `hif8.ts`. Reads the number as float32.
 */
export type Rounding = (typeof roundings)[number]

/** Names of the overflow rules; see {@link Overflow}. */
export const overflows = ['saturate', 'format'] as const

/** `saturate`: becomes the largest value. `format`: becomes Infinity, without infinities NaN, without both the largest value. */
export type Overflow = (typeof overflows)[number]

/**
 * Whether `x`, strictly between the neighbouring magnitudes `lower` and `upper`, goes to `upper`.
 * `odd`: the code of `lower` is odd; codes alternate. `negative`: `x` is the magnitude of a negative number.
 */
export type RoundsAway = (x: number, lower: number, upper: number, odd: boolean, negative: boolean) => boolean

// The distances are exact: x has at most twice the magnitude of `lower`, or `lower` is 0.
const nearestAway: RoundsAway = (x, lower, upper) => x - lower >= upper - x

/** The rules that need neither a random source nor a format. */
export const plainRules: Readonly<
  Record<Exclude<Rounding, 'nearest' | 'stochastic' | 'hybrid'>, RoundsAway>
> = {
  'nearest-even': (x, lower, upper, odd) => {
    const toLower = x - lower
    const toUpper = upper - x
    return toLower > toUpper || (toLower === toUpper && odd)
  },
  'nearest-away': nearestAway,
  'toward-zero': () => false,
  up: (_x, _lower, _upper, _odd, negative) => !negative,
  down: (_x, _lower, _upper, _odd, negative) => negative,
  'to-odd': (_x, _lower, _upper, odd) => !odd,
}

/**
 * Stochastic rounding with n random bits: up if `round(2^n (x - lower) / (upper - lower)) + r >= 2^n`, r uniform in
 * 0 .. 2^n - 1. The probability of going up is the place between the neighbours, to the nearest 2^-n.
 */
export function stochasticRule(random: () => number, bits: number): RoundsAway {
  const range = 2 ** bits
  return (x, lower, upper) => {
    const place = roundHalfEven(((x - lower) / (upper - lower)) * range)
    return place + Math.floor(random() * range) >= range
  }
}

/** To the nearest integer, a tie to the even one. */
function roundHalfEven(x: number): number {
  const below = Math.floor(x)
  const fraction = x - below
  return fraction > 0.5 || (fraction === 0.5 && below % 2 === 1) ? below + 1 : below
}

/** Whether a rule takes a finite magnitude beyond the largest value back to it (IEEE 754, section 7.4). */
export function keepsFinite(rounding: Rounding, negative: boolean): boolean {
  if (rounding === 'up') return negative
  if (rounding === 'down') return !negative
  return rounding === 'toward-zero' || rounding === 'to-odd'
}
