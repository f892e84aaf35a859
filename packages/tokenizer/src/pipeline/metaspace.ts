/** `Metaspace`, SentencePiece's way with spaces: they become a visible character and stay with the word behind them. */
import { UnsupportedTokenizerError } from '../errors.ts'
import { asBoolean, asOneOf, asString, type JsonObject } from '../json.ts'

export interface Metaspace {
  /** One character, usually U+2581. */
  readonly replacement: string
  /** Which texts get one in front: all, only the beginning of the whole text, or none. */
  readonly prependScheme: 'always' | 'first' | 'never'
  readonly split: boolean
}

/** Reads the options that the pre-tokenizer and the decoder share. */
export function readMetaspace(part: JsonObject, path: string): Metaspace {
  const replacement = asString(part.replacement, `${path}.replacement`)
  if (Array.from(replacement).length !== 1) {
    throw new UnsupportedTokenizerError({
      path: `${path}.replacement`,
      value: replacement,
      expected: 'one character',
    })
  }
  const prependScheme = asOneOf(part.prepend_scheme ?? 'always', `${path}.prepend_scheme`, [
    'always',
    'first',
    'never',
  ])
  // The older form of the option; the Rust library refuses a contradiction too.
  if (!asBoolean(part.add_prefix_space, `${path}.add_prefix_space`, true) && prependScheme !== 'never') {
    const expected = 'true, unless prepend_scheme is "never"'
    throw new UnsupportedTokenizerError({ path: `${path}.add_prefix_space`, value: false, expected })
  }
  return { replacement, prependScheme, split: asBoolean(part.split, `${path}.split`, true) }
}
