/** Questions about one property of a format; `{f}` is the format under any of its names. */
export interface Wordings {
  readonly seen: readonly string[]
  /** Never in training: they combine words that the others use. */
  readonly heldOut: readonly string[]
}

export type PropertyName =
  | 'max'
  | 'minNormal'
  | 'minSubnormal'
  | 'bias'
  | 'exponentBits'
  | 'mantissaBits'
  | 'bits'
  | 'infinity'
  | 'nan'
  | 'finite'

export const propertyWordings: Readonly<Record<PropertyName, Wordings>> = {
  max: {
    seen: [
      'What is the largest value of {f}?',
      'What is the largest {f} value?',
      'What is the maximum of {f}?',
      'Largest finite {f} number?',
      'What is the max of {f}?',
      'How large can {f} get?',
      'What is the biggest {f} number?',
      'Maximum value in {f}?',
      'Which number is the largest in {f}?',
      'Tell me the maximum of {f}.',
      '{f} max?',
      'How big can an {f} value be?',
      'Give me the largest {f} value.',
      'What is the greatest number in {f}?',
    ],
    heldOut: [
      'Tell me the largest value in {f}.',
      'What is the maximum {f} value?',
      'Which value is the biggest in {f}?',
      'How large can a number in {f} be?',
    ],
  },
  minNormal: {
    seen: [
      'What is the smallest normal value of {f}?',
      'What is the smallest normal {f} number?',
      'What is the minimum normal of {f}?',
      'Smallest normal number in {f}?',
      'Min normal of {f}?',
      'What is the lowest normal value in {f}?',
      'How small can a normal {f} value be?',
      'Tell me the min normal of {f}.',
      'Give me the smallest normal value of {f}.',
      'Which is the smallest normal number of {f}?',
      '{f} min normal?',
      'Where do the normal numbers of {f} start?',
      'What is the least normal {f} value?',
      'Minimum normal value of {f}?',
    ],
    heldOut: [
      'Tell me the smallest normal number of {f}.',
      'What is the min normal value in {f}?',
      'Give me the minimum normal of {f}.',
      'How small can a normal number in {f} be?',
    ],
  },
  minSubnormal: {
    seen: [
      'What is the smallest subnormal value of {f}?',
      'What is the smallest subnormal {f} number?',
      'What is the minimum subnormal of {f}?',
      'Smallest subnormal number in {f}?',
      'Min subnormal of {f}?',
      'What is the lowest subnormal value in {f}?',
      'How small can a subnormal {f} value be?',
      'Tell me the min subnormal of {f}.',
      'Give me the smallest subnormal value of {f}.',
      'Which is the smallest subnormal number of {f}?',
      '{f} min subnormal?',
      'What is the smallest positive value of {f}?',
      'What is the least subnormal {f} value?',
      'Smallest positive {f} number?',
      'What is the smallest denormal of {f}?',
    ],
    heldOut: [
      'Tell me the smallest subnormal number of {f}.',
      'What is the min subnormal value in {f}?',
      'Give me the minimum subnormal of {f}.',
      'Which is the smallest positive number of {f}?',
    ],
  },
  bias: {
    seen: [
      'What is the exponent bias of {f}?',
      'What is the bias of {f}?',
      'Which bias does {f} use?',
      '{f} bias?',
      'Exponent bias in {f}?',
      'Tell me the bias of {f}.',
      'How large is the bias of {f}?',
      'Give me the exponent bias of {f}.',
      'What bias does {f} have?',
      'By how much is the {f} exponent biased?',
      'What is the {f} bias?',
      'Bias of {f}?',
      'What exponent bias is used in {f}?',
    ],
    heldOut: [
      'Tell me the exponent bias of {f}.',
      'Which exponent bias does {f} have?',
      'What is the {f} exponent bias?',
      'Give me the bias of {f}.',
    ],
  },
  exponentBits: {
    seen: [
      'How many exponent bits does {f} have?',
      'How many exponent bits are in {f}?',
      'Number of exponent bits of {f}?',
      'What is the number of exponent bits in {f}?',
      'How many bits has the exponent of {f}?',
      'Exponent bits of {f}?',
      '{f} exponent bits?',
      'How wide is the exponent of {f}?',
      'Tell me the exponent bits of {f}.',
      'How many bits does {f} use for the exponent?',
      'Give me the number of exponent bits of {f}.',
      'How long is the exponent in {f}?',
      'How many bits is the {f} exponent?',
    ],
    heldOut: [
      'Tell me the number of exponent bits of {f}.',
      'How many exponent bits does {f} use?',
      'How wide is the exponent in {f}?',
      'How many bits are in the exponent of {f}?',
    ],
  },
  mantissaBits: {
    seen: [
      'How many mantissa bits does {f} have?',
      'How many mantissa bits are in {f}?',
      'Number of mantissa bits of {f}?',
      'What is the number of mantissa bits in {f}?',
      'How many bits has the mantissa of {f}?',
      'Mantissa bits of {f}?',
      '{f} mantissa bits?',
      'How wide is the mantissa of {f}?',
      'Tell me the mantissa bits of {f}.',
      'How many bits does {f} use for the mantissa?',
      'Give me the number of mantissa bits of {f}.',
      'How long is the mantissa in {f}?',
      'How many bits is the {f} mantissa?',
      'How many fraction bits does {f} have?',
    ],
    heldOut: [
      'Tell me the number of mantissa bits of {f}.',
      'How many mantissa bits does {f} use?',
      'How wide is the mantissa in {f}?',
      'How many bits are in the mantissa of {f}?',
    ],
  },
  bits: {
    seen: [
      'How many bits does {f} have?',
      'How many bits has an {f} number?',
      'How wide is {f}?',
      'What is the size of {f} in bits?',
      'How many bits does one {f} value take?',
      '{f} size in bits?',
      'Bits of {f}?',
      'How many bits are in {f}?',
      'Tell me the width of {f}.',
      'How large is an {f} value in bits?',
      'What is the bit width of {f}?',
      'How many bits long is {f}?',
      'How many bits in total does {f} have?',
    ],
    heldOut: [
      'What is the width of {f} in bits?',
      'How many bits does an {f} number have?',
      'Tell me the size of {f} in bits.',
      'How many bits wide is {f}?',
    ],
  },
  infinity: {
    seen: [
      'Does {f} have infinity?',
      'Has {f} an infinity?',
      'Is there an infinity in {f}?',
      'Can {f} hold infinity?',
      'Does {f} support infinity?',
      'Can {f} represent infinity?',
      'Does {f} have infinities?',
      'Is infinity part of {f}?',
      '{f} infinity?',
      'Are there infinities in {f}?',
      'Does the format {f} have an infinity?',
      'Tell me if {f} has infinity.',
      'Can infinity be stored in {f}?',
    ],
    heldOut: [
      'Is infinity in {f}?',
      'Can the format {f} hold infinity?',
      'Does {f} support infinities?',
      'Can {f} store infinity?',
    ],
  },
  nan: {
    seen: [
      'How many NaN codes does {f} have?',
      'How many codes of {f} are NaN?',
      'Number of NaN codes in {f}?',
      'How many NaN values are in {f}?',
      'How many NaN does {f} have?',
      '{f} NaN codes?',
      'Does {f} have NaN, and how many codes?',
      'Tell me the number of NaN codes of {f}.',
      'How many bit patterns of {f} are NaN?',
      'How many NaN codes are there in {f}?',
      'What is the number of NaN codes in {f}?',
      'Count the NaN codes of {f}.',
      'NaN codes of {f}?',
    ],
    heldOut: [
      'Tell me how many NaN codes {f} has.',
      'How many NaN values does {f} have?',
      'What is the number of NaN values in {f}?',
      'How many codes in {f} are NaN?',
    ],
  },
  finite: {
    seen: [
      'How many finite values does {f} have?',
      'How many different finite values are in {f}?',
      'Number of finite values of {f}?',
      'How many finite numbers can {f} represent?',
      'How many finite numbers does {f} have?',
      '{f} finite values?',
      'Count the finite values of {f}.',
      'Tell me the number of finite values of {f}.',
      'How many numbers can {f} hold?',
      'How many values can {f} represent?',
      'What is the number of finite values in {f}?',
      'How many distinct finite {f} values are there?',
      'How many different numbers are in {f}?',
    ],
    heldOut: [
      'Tell me how many finite values {f} has.',
      'How many finite numbers are in {f}?',
      'How many finite values can {f} hold?',
      'What is the number of finite numbers in {f}?',
    ],
  },
}
