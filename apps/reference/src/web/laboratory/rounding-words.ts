/** How the page names the rules, and which of them it offers. */
import {
  type EncodeOptions,
  type NumberFormat,
  type Overflow,
  type Rounding,
  roundings,
} from '@octoscale/fp8-core'

export const roundingWords: Readonly<Record<Rounding, string>> = {
  nearest: 'nearest',
  'nearest-even': 'ties to even',
  'nearest-away': 'ties away',
  'toward-zero': 'toward zero',
  up: 'up',
  down: 'down',
  'to-odd': 'to odd',
  stochastic: 'stochastic',
  hybrid: 'hybrid (HiF8)',
}

/**
 * The roundings to choose from, in fp8-core's order. Not `nearest`, which is each format's own anyway but for E8M0, nor
 * `stochastic`: what a page shows of a number should not change by chance. The cards give its probability instead.
 */
export const offeredRoundings: readonly Rounding[] = roundings.filter(
  (rounding) => rounding !== 'nearest' && rounding !== 'stochastic',
)

/** What `encode` gets for a format: hybrid rounding is defined for tapered formats, the others keep their own. */
export function optionsFor(
  { layout }: NumberFormat,
  asked: { readonly rounding: Rounding | undefined; readonly overflow: Overflow | undefined },
): EncodeOptions {
  const applies = asked.rounding !== 'hybrid' || layout === 'tapered'
  return { rounding: applies ? asked.rounding : undefined, overflow: asked.overflow }
}

/** What a format makes of numbers beyond its range. */
export function overflowWord({ infinities, nans }: NumberFormat, overflow: Overflow): string {
  if (overflow === 'saturate') return 'saturates'
  if (infinities) return 'to infinity'
  return nans === 'none' ? 'saturates' : 'to NaN'
}
