/** What is unusual about how a format's codes are read, from its row. */
import type { NumberFormat } from '@octoscale/fp8-core'
import { hexOf } from './describe-code.ts'

/** Sentences for people; none for a format that is read like IEEE 754. */
export function formatNotes(format: NumberFormat): string[] {
  const notes: string[] = []
  if (format.layout === 'tapered') {
    notes.push(
      'The dot field says how many exponent bits D follow: 01 two, 10 three, 11 four, 001 one, 0001 none; the mantissa ' +
        'has what is left. The exponent is a sign and a magnitude whose leading 1 is not stored, so there is no bias. ' +
        `After 0000 come the powers of two ${power(format.minSubnormal)} to ${power(format.minNormal / 2)}, and zero.`,
    )
  }
  if (format.negatives === 'twos-complement') {
    const steps = 1 / format.minNormal
    notes.push(
      `Two's complement: the code as a signed integer, divided by ${steps}. The sign bit is worth ` +
        `−${2 ** format.mantissaBits / steps}, so that the negative side has one number more.`,
    )
  }
  if (format.nans === 'negative-zero' && format.nanCode !== undefined) {
    notes.push(`One zero, without sign: the code of −0, ${hexOf(format.nanCode, format)}, is the only NaN.`)
  }
  if (format.zero === 'none') notes.push('Powers of two only: no zero, no sign, no mantissa.')
  return notes
}

function power(value: number | undefined): string {
  return value === undefined ? '' : `2^${Math.log2(value)}`.replace('-', '−')
}
