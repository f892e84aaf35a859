/** The normalizer of tokenizer.json: what is done to the text before it is cut into pieces. */

import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asBoolean, asObject, asOneOf, asString, type JsonObject } from '../json.ts'
import { compileBertNormalizer } from './bert-normalizer.ts'
import { textOfBytes } from './byte-level.ts'
import { classSource } from './character-class.ts'
import { COMBINING_MARKS } from './character-tables.ts'
import { lowercase } from './lowercase.ts'
import { NORMAL_FORMS, normalForm } from './normal-form.ts'
import { compilePrecompiled } from './precompiled.ts'
import { compileReplace } from './replace.ts'

type Normalize = (text: string) => string

const COMPILERS: Readonly<Record<string, (part: JsonObject, path: string) => Normalize>> = {
  ...Object.fromEntries(NORMAL_FORMS.map((form) => [form, () => (text: string) => normalForm(text, form)])),
  Lowercase: () => lowercase,
  Strip: compileStrip,
  StripAccents: () => {
    const marks = new RegExp(`[${classSource(COMBINING_MARKS)}]`, 'gu')
    return (text) => text.replace(marks, '')
  },
  Prepend: (part, path) => {
    const prefix = asString(part.prepend, `${path}.prepend`)
    return (text) => (text === '' ? text : prefix + text)
  },
  Replace: compileReplace,
  BertNormalizer: compileBertNormalizer,
  Precompiled: compilePrecompiled,
  Nmt: () => (text) => text.replace(NMT_REMOVED, '').replace(NMT_SPACES, ' '),
  ByteLevel: () => (text) => textOfBytes(utf8.encode(text)),
}

/** What the Rust library's `Nmt` takes out, and what it turns into spaces; asked for each code point (tables as in character-tables.ts). */
const NMT_REMOVED = new RegExp(`[${classSource('1 8 2 1 2 i 2n 1 f 1 f 1')}]`, 'gu')
const NMT_SPACES = /[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]/g

const utf8 = new TextEncoder()

const TYPES = [...Object.keys(COMPILERS), 'Sequence']

/** Compiles `normalizer`: null, one of the types above, or a Sequence of them. */
export function compileNormalizer(json: unknown, path = 'normalizer', depth = 0): Normalize {
  if (json == null) return (text) => text
  const part = asObject(json, path)
  const type = asOneOf(part.type, `${path}.type`, TYPES)
  const compile = COMPILERS[type]
  if (compile !== undefined) return compile(part, path)
  if (depth > 8) throw new UnsupportedTokenizerError({ path, value: part, expected: 'a shallow list' })
  const list = asArray(part.normalizers, `${path}.normalizers`)
  const steps = list.map((item, index) => compileNormalizer(item, `${path}.normalizers[${index}]`, depth + 1))
  return (text) => steps.reduce((current, step) => step(current), text)
}

function compileStrip(part: JsonObject, path: string): Normalize {
  const left = asBoolean(part.strip_left, `${path}.strip_left`, true)
  const right = asBoolean(part.strip_right, `${path}.strip_right`, true)
  return (text) => {
    // No expression at the end: `\s+$` tries again at each space of a long run that something follows.
    let [start, end] = [0, text.length]
    while (left && start < end && SPACE.test(text.charAt(start))) start++
    while (right && end > start && SPACE.test(text.charAt(end - 1))) end--
    return text.slice(start, end)
  }
}

const SPACE = /\p{White_Space}/u

/** Whether the normalizer can take away the beginning of a text. */
export function mayRemoveBeginning(json: unknown): boolean {
  if (json == null) return false
  const part = asObject(json, 'normalizer')
  if (part.type === 'Sequence') return asArray(part.normalizers, 'normalizer').some(mayRemoveBeginning)
  if (part.type === 'Replace') return part.content === ''
  return !['NFC', 'NFD', 'NFKC', 'NFKD', 'Lowercase', 'Prepend'].includes(part.type as string)
}
