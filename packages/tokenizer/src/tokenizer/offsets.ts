/** Where tokens stand in the text: the bytes of the tokens are followed through the text. */

import { OffsetsUnavailableError } from '../errors.ts'
import type { AddedToken } from '../pipeline/added-tokens.ts'
import { normalForm } from '../pipeline/normal-form.ts'
import type { NormalForm } from './offset-support.ts'

/** Ids, and for each the part of the text that it stands for. */
export interface Encoding {
  readonly ids: number[]
  /**
   * Token i stands for `text.slice(starts[i], ends[i])`: UTF-16 offsets. A token that holds only some bytes of a character
   * has the whole character, so neighbours may share one; a cut inside a surrogate pair never occurs. Where a Unicode normal
   * form changes a character and its combining marks, its tokens have all of them. A space that the tokenizer puts before
   * the text belongs to no part of it.
   */
  readonly starts: number[]
  readonly ends: number[]
}

export interface OffsetSource {
  readonly forms: readonly NormalForm[]
  bytesOf(id: number): Uint8Array | undefined
  /** The added token of an id, if ids of added tokens come from the text. */
  addedOf(id: number): AddedToken | undefined
}

const utf8 = new TextEncoder()
const WHITE_SPACE = /\p{White_Space}/u
const SPACE = 0x20
const NO_BYTES = new Uint8Array(0)
/** What normal forms may change only together: a character with its marks, or the letters of Korean syllables. */
const CLUSTER = /[\u1100-\u11ff\uac00-\ud7a3]+\p{M}*|.\p{M}*/suy

/** @param text well formed, the text that `ids` was made from */
export function findOffsets(text: string, ids: number[], source: OffsetSource): Encoding {
  const starts: number[] = []
  const ends: number[] = []
  const changes = normalize(text, source.forms) !== text
  // The bytes [at, bytes.length) of text[from, to) are those that no token has taken yet.
  let bytes: Uint8Array = NO_BYTES
  let at = 0
  let from = 0
  let to = 0
  const fill = (forms: readonly NormalForm[]): boolean => {
    if (to >= text.length) return false
    from = to
    to += text.codePointAt(from)! > 0xffff ? 2 : 1
    let spelled = text.slice(from, to)
    if (forms.length > 0) {
      CLUSTER.lastIndex = from
      const cluster = CLUSTER.exec(text)?.[0] ?? spelled
      const normalized = normalize(cluster, forms)
      if (normalized !== cluster) [to, spelled] = [from + cluster.length, normalized]
    }
    bytes = utf8.encode(spelled)
    at = 0
    return true
  }
  const skipSpace = (): void => {
    while (to < text.length && WHITE_SPACE.test(text.charAt(to))) to++
  }

  /** Follows the bytes of a token. @returns where it begins, -1 if it has nothing of the text; undefined if it differs */
  const follow = (token: Uint8Array, forms: readonly NormalForm[]): number | undefined => {
    const before = [bytes, at, from, to] as const
    let start = -1
    for (let i = 0; i < token.length; i++) {
      const more = at < bytes.length || fill(forms)
      if (more && bytes[at] === token[i]) {
        if (start < 0) start = from
        at++
      } else if (!more || token[i] !== SPACE || at > 0) {
        ;[bytes, at, from, to] = before
        return undefined
      }
    }
    return start
  }
  /** An added token stands for its text; an ordinary one of the same id, for its bytes. */
  const followAdded = (token: AddedToken): number | undefined => {
    if (at < bytes.length) return undefined
    const before = to
    if (token.lstrip) skipSpace()
    const forms = changes && token.normalized ? source.forms : []
    const content = token.normalized ? normalize(token.content, source.forms) : token.content
    const start = follow(utf8.encode(content), forms)
    if (start === undefined) {
      to = before
      return undefined
    }
    if (token.rstrip) skipSpace()
    return before
  }

  const forms = changes ? source.forms : []
  for (const id of ids) {
    const added = source.addedOf(id)
    const start = (added && followAdded(added)) ?? follow(source.bytesOf(id) ?? NO_BYTES, forms)
    if (start === undefined) throw astray(id)
    // Only inserted spaces: nothing of the text, before what comes next.
    const next = at === bytes.length ? to : from
    starts.push(start < 0 ? next : start)
    ends.push(start < 0 ? next : to)
  }
  if (at < bytes.length || to < text.length) throw astray(ids.at(-1))
  return { ids, starts, ends }
}

function normalize(text: string, forms: readonly NormalForm[]): string {
  return forms.reduce((current, form) => normalForm(current, form), text)
}

function astray(id: number | undefined): OffsetsUnavailableError {
  return new OffsetsUnavailableError('model', `the bytes of token ${id} are not those of the text`)
}
