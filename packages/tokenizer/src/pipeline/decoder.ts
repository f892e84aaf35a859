/** The decoder of tokenizer.json: tokens to text. */

import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asBoolean, asObject, asOneOf, asString, type JsonObject } from '../json.ts'
import { newUtf8Decoder } from './byte-decoder.ts'
import { tokenBytes } from './byte-level.ts'
import {
  byteFallback,
  byteLevel,
  type DecodeStep,
  eachText,
  strip,
  stripBeginning,
  stripEnd,
  suffixes,
  wholeText,
} from './decode-steps.ts'
import { readMetaspace } from './metaspace.ts'
import { compileReplace } from './replace.ts'

/** Makes the steps for one text: they have state. */
export type Decoder = () => DecodeStep[]

/** A step, over single tokens or, once something has joined them, over the parts of one text. */
type Compile = (part: JsonObject, path: string, isJoined: boolean) => () => DecodeStep | readonly DecodeStep[]

const COMPILERS: Readonly<Record<string, Compile>> = {
  ByteLevel: (_part, _path, isJoined) =>
    isJoined ? () => wholeText((text) => newUtf8Decoder().decode(tokenBytes(text))) : byteLevel,
  ByteFallback: (_part, path, isJoined) => {
    if (isJoined) throw misplaced(path)
    return byteFallback
  },
  Fuse: () => () => eachText((text) => text),
  Strip: (part, path, isJoined) => {
    const content = asString(part.content, `${path}.content`)
    const start = asCount(part.start, `${path}.start`)
    const stop = asCount(part.stop, `${path}.stop`)
    if (Array.from(content).length !== 1)
      throw new UnsupportedTokenizerError({
        path: `${path}.content`,
        value: content,
        expected: 'one character',
      })
    if (!isJoined) return () => eachText((text) => strip(text, content, start, stop))
    return () => [stripBeginning(content, start), ...(stop === 0 ? [] : [stripEnd(content, stop)])]
  },
  Metaspace: (part, path, isJoined) => {
    if (isJoined) throw misplaced(path)
    const { replacement, prependScheme } = readMetaspace(part, path)
    return () =>
      eachText((text, index) =>
        text.replaceAll(replacement, index === 0 && prependScheme !== 'never' ? '' : ' '),
      )
  },
  WordPiece: (part, path, isJoined) => {
    if (isJoined) throw misplaced(path)
    const prefix = asString(part.prefix, `${path}.prefix`)
    const change = asBoolean(part.cleanup, `${path}.cleanup`, true) ? cleanUp : (text: string) => text
    return () =>
      eachText((text, index) => {
        if (index === 0) return change(text)
        return change(text.startsWith(prefix) ? text.slice(prefix.length) : ` ${text}`)
      })
  },
  Replace: (part, path, isJoined) => {
    const replace = compileReplace(part, path)
    return () => (isJoined ? wholeText(replace) : eachText(replace))
  },
  BPEDecoder: (part, path, isJoined) => {
    if (isJoined) throw misplaced(path)
    const suffix = asString(part.suffix, `${path}.suffix`)
    return () => suffixes(suffix)
  },
}

const TYPES = [...Object.keys(COMPILERS), 'Sequence']

/** Compiles `decoder`: one of the types above, or a Sequence of them; with null, tokens are joined with spaces. */
export function compileDecoder(json: unknown): Decoder {
  if (json == null) return () => [eachText((text, index) => (index === 0 ? text : ` ${text}`))]
  let isJoined = false
  const makers = flatten(json, 'decoder', 0).map(([part, path]) => {
    const type = asOneOf(part.type, `${path}.type`, Object.keys(COMPILERS))
    const make = COMPILERS[type]!(part, path, isJoined)
    isJoined ||= type === 'Fuse' || type === 'ByteLevel'
    return make
  })
  return () => makers.flatMap((make) => make())
}

/** What comes out of the steps from number `first` on. */
export function runSteps(
  steps: readonly DecodeStep[],
  first: number,
  texts: readonly string[],
): readonly string[] {
  let current = texts
  for (let i = first; i < steps.length; i++) {
    const next: string[] = []
    for (const text of current) steps[i]!.push(text, next)
    current = next
  }
  return current
}

/** What the steps still held back, as it comes out of the last one. */
export function finishSteps(steps: readonly DecodeStep[]): string {
  let rest = ''
  for (const [index, step] of steps.entries()) {
    const held: string[] = []
    step.finish(held)
    rest += runSteps(steps, index + 1, held).join('')
  }
  return rest
}

function flatten(json: unknown, path: string, depth: number): [JsonObject, string][] {
  const part = asObject(json, path)
  if (asOneOf(part.type, `${path}.type`, TYPES) !== 'Sequence') return [[part, path]]
  if (depth > 8) throw new UnsupportedTokenizerError({ path, value: part, expected: 'a shallow list' })
  const list = asArray(part.decoders, `${path}.decoders`)
  return list.flatMap((item, index) => flatten(item, `${path}.decoders[${index}]`, depth + 1))
}

function misplaced(path: string): UnsupportedTokenizerError {
  return new UnsupportedTokenizerError({
    path,
    value: 'it',
    expected: 'before the step that joins the tokens',
  })
}

function asCount(value: unknown, path: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value
  throw new UnsupportedTokenizerError({ path, value, expected: 'an integer, 0 or more' })
}

/** What the English of BERT puts apart. */
const CLEAN_UPS = [
  [' .', '.'],
  [' ?', '?'],
  [' !', '!'],
  [' ,', ','],
  [" ' ", "'"],
  [" n't", "n't"],
  [" 'm", "'m"],
  [' do not', " don't"],
  [" 's", "'s"],
  [" 've", "'ve"],
  [" 're", "'re"],
] as const

function cleanUp(text: string): string {
  return CLEAN_UPS.reduce((current, [apart, together]) => current.replaceAll(apart, together), text)
}
