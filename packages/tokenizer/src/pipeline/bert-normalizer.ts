/** `BertNormalizer`: control characters out, Chinese characters apart, accents off, lower case; in this order. */
import { asBoolean, type JsonObject } from '../json.ts'
import { classSource } from './character-class.ts'
import { CONTROLS, NONSPACING_MARKS } from './character-tables.ts'
import { lowercase } from './lowercase.ts'
import { normalForm } from './normal-form.ts'

/** The ranges of the original BERT, which begins one of them at U+2B920 instead of U+2B820. */
const CHINESE =
  /[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u{20000}-\u{2a6df}\u{2a700}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu

export function compileBertNormalizer(part: JsonObject, path: string): (text: string) => string {
  const lower = asBoolean(part.lowercase, `${path}.lowercase`, true)
  const steps: ((text: string) => string)[] = []
  if (asBoolean(part.clean_text, `${path}.clean_text`, true)) {
    const controls = new RegExp(`[${classSource(CONTROLS)}]`, 'gu')
    steps.push((text) => text.replace(controls, '').replace(/\p{White_Space}/gu, ' '))
  }
  if (asBoolean(part.handle_chinese_chars, `${path}.handle_chinese_chars`, true)) {
    steps.push((text) => text.replace(CHINESE, ' $& '))
  }
  if (asBoolean(part.strip_accents, `${path}.strip_accents`, lower)) {
    const marks = new RegExp(`[${classSource(NONSPACING_MARKS)}]`, 'gu')
    steps.push((text) => normalForm(text, 'NFD').replace(marks, ''))
  }
  if (lower) steps.push(lowercase)
  return (text) => steps.reduce((current, step) => step(current), text)
}
