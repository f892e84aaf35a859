/** How the page says what became of a number. */
import type { Outcome } from './outcome.ts'

export interface OutcomeWords {
  /** A sign beside the word, so that colour is not all that tells outcomes apart. */
  readonly sign: string
  readonly word: string
  readonly explanation: string
  /** `good`: nothing was lost. `plain`: ordinary rounding. `loss`: the value is not near the number. */
  readonly tone: 'good' | 'plain' | 'loss'
}

export const outcomeWords: Readonly<Record<Outcome, OutcomeWords>> = {
  exact: { sign: '=', word: 'exact', explanation: 'The format has this number.', tone: 'good' },
  nan: { sign: '=', word: 'NaN', explanation: 'The format has NaN.', tone: 'good' },
  'rounded-up': {
    sign: '↑',
    word: 'rounded up',
    explanation: 'The number of the format is greater than the typed one.',
    tone: 'plain',
  },
  'rounded-down': {
    sign: '↓',
    word: 'rounded down',
    explanation: 'The number of the format is less than the typed one.',
    tone: 'plain',
  },
  saturated: {
    sign: '⇥',
    word: 'saturated',
    explanation: 'Beyond the range of the format: the end of the range stands for the number.',
    tone: 'loss',
  },
  'overflow-infinity': {
    sign: '∞',
    word: 'overflow to infinity',
    explanation: 'Beyond the range of the format, and not saturated.',
    tone: 'loss',
  },
  'overflow-nan': {
    sign: '!',
    word: 'overflow to NaN',
    explanation: 'Beyond the range of the format, which has no infinity, and not saturated.',
    tone: 'loss',
  },
  underflow: {
    sign: '→0',
    word: 'underflow to zero',
    explanation: 'Too small for the format: zero stands for the number.',
    tone: 'loss',
  },
  'no-zero': {
    sign: '⇤',
    word: 'smallest value',
    explanation: 'The format has no zero: its smallest value stands for the number.',
    tone: 'loss',
  },
  'one-zero': {
    sign: '0',
    word: 'zero without sign',
    explanation: 'The format has one zero, which stands for −0 as well.',
    tone: 'plain',
  },
  'no-sign': {
    sign: '±',
    word: 'no negative numbers',
    explanation: 'The format has no sign: negative numbers become NaN.',
    tone: 'loss',
  },
  'no-nan': {
    sign: '!',
    word: 'not representable',
    explanation: 'The format has no NaN and nothing that could stand for it.',
    tone: 'loss',
  },
}
