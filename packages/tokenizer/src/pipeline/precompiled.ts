/** `Precompiled` (T5, XLM-R): the replacements that SentencePiece compiled, applied as the Rust library does. */
import { asString, type JsonObject } from '../json.ts'
import { Charsmap } from './charsmap.ts'

/** A cluster is looked up as a whole if it has fewer bytes than this. */
const CLUSTER_BYTES = 6
/** In such texts each character is a cluster, but for a carriage return with a line feed. */
const ASCII = /^\p{ASCII}*$/u

/**
 * Clusters of characters, as people see them, are looked up as a whole if they are short, else character by character. The
 * whole may have an entry for its beginning only: then the rest is lost, in the Rust library too.
 */
export function compilePrecompiled(part: JsonObject, path: string): (text: string) => string {
  const place = `${path}.precompiled_charsmap`
  const charsmap = new Charsmap(asString(part.precompiled_charsmap, place), place)
  const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })
  const single = new Map<string, string>()
  const eachCharacter = (text: string): string => {
    let out = ''
    for (const character of text) {
      let replaced = single.get(character)
      if (replaced === undefined) {
        replaced = charsmap.replacement(character) ?? character
        single.set(character, replaced)
      }
      out += replaced
    }
    return out
  }
  return (text) => {
    if (!text.includes('\r') && ASCII.test(text)) return eachCharacter(text)
    let out = ''
    for (const { segment } of graphemes.segment(text)) {
      // More units than this are more bytes, too.
      const whole =
        segment.length > 1 && segment.length < CLUSTER_BYTES && byteLength(segment) < CLUSTER_BYTES
      out += (whole ? charsmap.replacement(segment) : undefined) ?? eachCharacter(segment)
    }
    return out
  }
}

function byteLength(text: string): number {
  let length = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
  }
  return length
}
