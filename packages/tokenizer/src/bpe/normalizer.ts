/** The normalizer of tokenizer.json: nothing, or one of the Unicode forms. */
import { UnsupportedTokenizerError } from './errors.ts'
import { asArray, asObject, asOneOf } from './json.ts'

/** Compiles `normalizer`: null, NFC, NFD, NFKC, NFKD, or a Sequence of them. */
export function compileNormalizer(json: unknown, path = 'normalizer', depth = 0): (text: string) => string {
  if (json == null) return (text) => text
  const part = asObject(json, path)
  if (part.type !== 'Sequence') {
    const form = asOneOf(part.type, `${path}.type`, ['NFC', 'NFD', 'NFKC', 'NFKD'])
    return (text) => text.normalize(form)
  }
  if (depth > 8) throw new UnsupportedTokenizerError({ path, value: part, expected: 'a shallow list' })
  const list = asArray(part.normalizers, `${path}.normalizers`)
  const steps = list.map((item, index) => compileNormalizer(item, `${path}.normalizers[${index}]`, depth + 1))
  return (text) => steps.reduce((current, step) => step(current), text)
}
