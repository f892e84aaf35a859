import { blockFacts, blockFrames } from './block-facts.ts'
import { type FormatValues, formatValues } from './format-values.ts'
import { type PropertyName, propertyWordings } from './wordings.ts'

export interface Fact {
  readonly id: string
  readonly subjects: readonly string[]
  readonly seen: readonly string[]
  readonly heldOut: readonly string[]
  readonly answer: string
  /** What a right answer must contain. */
  readonly key: string
}

const sentences: Readonly<
  Record<PropertyName, (f: FormatValues) => { answer: string; key: string } | undefined>
> = {
  max: (f) => ({ answer: `The largest ${f.id} value is ${f.max}.`, key: f.max }),
  minNormal: (f) => ({ answer: `The smallest normal ${f.id} value is ${f.minNormal}.`, key: f.minNormal }),
  minSubnormal: (f) =>
    f.minSubnormal
      ? { answer: `The smallest subnormal ${f.id} value is ${f.minSubnormal}.`, key: f.minSubnormal }
      : undefined,
  bias: (f) => ({ answer: `The bias of ${f.id} is ${f.bias}.`, key: String(f.bias) }),
  exponentBits: (f) => ({
    answer: `${f.id} has ${f.exponentBits} exponent bits.`,
    key: `${f.exponentBits} exponent`,
  }),
  mantissaBits: (f) => ({
    answer: `${f.id} has ${f.mantissaBits} mantissa ${f.mantissaBits === 1 ? 'bit' : 'bits'}.`,
    key: `${f.mantissaBits} mantissa`,
  }),
  bits: (f) => ({ answer: `${f.id} has ${f.bits} bits.`, key: `${f.bits} bits` }),
  infinity: (f) =>
    f.infinity
      ? { answer: `Yes, ${f.id} has infinity.`, key: 'Yes' }
      : { answer: `No, ${f.id} has no infinity.`, key: 'No' },
  nan: (f) =>
    f.bits > 8
      ? undefined
      : { answer: `${f.id} has ${f.nan} NaN ${f.nan === 1 ? 'code' : 'codes'}.`, key: `${f.nan} NaN` },
  finite: (f) =>
    f.finite !== undefined
      ? { answer: `${f.id} has ${f.finite} finite values.`, key: String(f.finite) }
      : undefined,
}

const formatFacts: Fact[] = formatValues.flatMap((format) =>
  (Object.keys(sentences) as PropertyName[]).flatMap((property) => {
    const sentence = sentences[property](format)
    if (!sentence) return []
    const { seen, heldOut } = propertyWordings[property]
    return [{ id: `${format.id}.${property}`, subjects: format.aliases, seen, heldOut, ...sentence }]
  }),
)

const capital = (text: string): string => (text[0] as string).toUpperCase() + text.slice(1)

export const facts: readonly Fact[] = [
  ...formatFacts,
  ...blockFacts.map(
    (fact): Fact => ({
      ...blockFrames[fact.frame],
      id: fact.id,
      subjects: fact.subjects,
      answer: fact.answer,
      key: fact.key,
    }),
  ),
]

/** Puts a subject into a wording. */
export function word(wording: string, subject: string): string {
  const text = wording
    .replace('{f}', subject)
    .replace('{s}', subject)
    .replace(/\ban (?=[B-DF-HJ-NP-Za-df-hj-np-z])/g, 'a ')
  // Names of formats and tensors keep their case at the start of a question.
  return wording.startsWith('{s}') && /^(the|a|block|blocks|scales|there)\b/.test(subject)
    ? capital(text)
    : text
}
