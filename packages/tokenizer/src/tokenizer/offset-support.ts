/** Whether the tokens of a tokenizer.json spell the text, so that offsets follow from the bytes of the tokens. */
import { OffsetsUnavailableError } from '../errors.ts'

/** The Unicode normal forms that the text goes through before it is split, in order. */
export type NormalForm = 'NFC' | 'NFD' | 'NFKC' | 'NFKD'

const FORMS: readonly NormalForm[] = ['NFC', 'NFD', 'NFKC', 'NFKD']

interface Part {
  readonly type?: unknown
  readonly [key: string]: unknown
}

/**
 * @param json the parsed content of a tokenizer.json that was accepted
 * @returns the normal forms of the text, or the error that tells which step changes the text in another way
 */
export function offsetSupport(json: unknown): readonly NormalForm[] | OffsetsUnavailableError {
  const file = json as Readonly<Record<string, Part | null | undefined>>
  if (file.decoder?.type !== 'ByteLevel')
    return new OffsetsUnavailableError(
      'decoder.type',
      `its tokens are not bytes (${String(file.decoder?.type)})`,
    )
  for (const [part, path] of flatten(file.pre_tokenizer, 'pre_tokenizer', 'pretokenizers')) {
    const keeps =
      part.type === 'Split' || part.type === 'Punctuation'
        ? part.behavior !== 'Removed'
        : part.type === 'Digits' || part.type === 'ByteLevel'
    if (!keeps) return new OffsetsUnavailableError(path, `${String(part.type)} removes or replaces text`)
  }
  const forms: NormalForm[] = []
  for (const [part, path] of flatten(file.normalizer, 'normalizer', 'normalizers')) {
    const form = FORMS.find((name) => name === part.type)
    if (form === undefined)
      return new OffsetsUnavailableError(path, `${String(part.type)} is no Unicode normal form`)
    forms.push(form)
  }
  return forms
}

function flatten(part: Part | null | undefined, path: string, key: string): (readonly [Part, string])[] {
  if (part == null) return []
  if (part.type !== 'Sequence') return [[part, path]]
  const list = part[key] as readonly Part[]
  return list.flatMap((item, index) => flatten(item, `${path}.${key}[${index}]`, key))
}
