/** The pre-tokenizer of tokenizer.json: text to the pieces that the model works in. */

import { UnsupportedTokenizerError } from '../errors.ts'
import { asArray, asBoolean, asObject, asOneOf, asString, type JsonObject } from '../json.ts'
import { textOfBytes } from './byte-level.ts'
import { classSource } from './character-class.ts'
import { PUNCTUATION } from './character-tables.ts'
import { readMetaspace } from './metaspace.ts'
import { compilePattern } from './pattern.ts'
import { compileLiteral, compileRegex } from './regex.ts'
import { SPLIT_BEHAVIORS, type SplitBehavior, splitText } from './split.ts'

/**
 * Appends the pieces of one text to `out`. `isStart` says whether the text stands at the beginning of the whole text; the
 * result, whether the first piece stands at the beginning of this one.
 */
interface Step {
  (text: string, out: string[], isStart: boolean): boolean
  /** The step only cuts the text at the matches of this pattern, in front of them and behind them. */
  readonly cut?: RegExp
}

/** The pattern of `ByteLevel` with `use_regex`, from GPT-2. */
const GPT2_PATTERN = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"

/** What the Rust library's `regex` calls words, and what is neither word nor space. */
const WORDS =
  /[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]+|[^\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}\p{White_Space}]+/gu

export interface PreTokenizer {
  /** The last step is ByteLevel: the pieces are to be taken as bytes. */
  readonly endsInBytes: boolean
  /** It treats the beginning of the whole text in another way. */
  readonly readsStart: boolean
  /**
   * All that it does, if it only cuts: `cutText` with these patterns gives the pieces of `run` without making them (bytes stay
   * bytes). Null if it does more.
   */
  readonly cuts: readonly RegExp[] | null
  /**
   * @param isStart whether the text stands at the beginning of the whole text
   * @param asText write bytes as characters where ByteLevel does, also at the end
   */
  run(text: string, isStart: boolean, asText: boolean): readonly string[]
}

const COMPILERS: Readonly<Record<string, (part: JsonObject, path: string) => Step[]>> = {
  ByteLevel: compileByteLevel,
  Split: (part, path) => {
    const pattern = compilePattern(part.pattern, `${path}.pattern`)
    const behavior = asOneOf(part.behavior, `${path}.behavior`, SPLIT_BEHAVIORS)
    return [splitting(pattern, behavior, asBoolean(part.invert, `${path}.invert`, false))]
  },
  Digits: (part, path) => {
    const individual = asBoolean(part.individual_digits, `${path}.individual_digits`, false)
    return [splitting(/\p{N}/gu, individual ? 'Isolated' : 'Contiguous')]
  },
  Punctuation: (part, path) => {
    const behavior = asOneOf(part.behavior ?? 'Isolated', `${path}.behavior`, SPLIT_BEHAVIORS)
    return [splitting(punctuation(), behavior)]
  },
  BertPreTokenizer: () => [splitting(/\p{White_Space}/gu, 'Removed'), splitting(punctuation(), 'Isolated')],
  Whitespace: () => [splitting(WORDS, 'Removed', true)],
  WhitespaceSplit: () => [splitting(/\p{White_Space}/gu, 'Removed')],
  CharDelimiterSplit: (part, path) => {
    const delimiter = asString(part.delimiter, `${path}.delimiter`)
    return [splitting(compileLiteral(delimiter), 'Removed')]
  },
  FixedLength: (part, path) => {
    const length = part.length ?? 5
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 1) {
      const expected = 'an integer, 1 or more'
      throw new UnsupportedTokenizerError({ path: `${path}.length`, value: length, expected })
    }
    return [splitting(new RegExp(`[^]{1,${length}}`, 'gu'), 'Isolated')]
  },
  Metaspace: compileMetaspace,
}

const TYPES = [...Object.keys(COMPILERS), 'Sequence']

/** Compiles `pre_tokenizer`: null, one of the types above, or a Sequence of them. */
export function compilePreTokenizer(json: unknown): PreTokenizer {
  const parts = json == null ? [] : flatten(json, 'pre_tokenizer', 0)
  const endsInBytes = parts.at(-1)?.[0].type === 'ByteLevel'
  const steps: Step[] = []
  for (const [index, [part, path]] of parts.entries()) {
    const type = asOneOf(part.type, `${path}.type`, TYPES)
    steps.push(...(COMPILERS[type]?.(part, path) ?? []))
    if (type === 'ByteLevel' && index < parts.length - 1) steps.push(bytesAsText)
  }
  return {
    endsInBytes,
    readsStart: parts.some(([part]) => part.type === 'Metaspace' && part.prepend_scheme === 'first'),
    cuts: steps.every((step) => step.cut !== undefined) ? steps.map((step) => step.cut!) : null,
    run: (text, isStart, asText) => {
      const pieces = runSteps(steps, text, isStart)
      return asText && endsInBytes ? runSteps([bytesAsText], pieces, false) : pieces
    },
  }
}

function runSteps(steps: readonly Step[], text: string | string[], isStart: boolean): string[] {
  let pieces = typeof text === 'string' ? [text] : text
  let startsAtBegin = isStart
  for (const step of steps) {
    const next: string[] = []
    for (let i = 0; i < pieces.length; i++) {
      const atBegin = step(pieces[i]!, next, startsAtBegin && i === 0)
      if (i === 0) startsAtBegin &&= atBegin
    }
    pieces = next
  }
  return pieces
}

function flatten(json: unknown, path: string, depth: number): [JsonObject, string][] {
  const part = asObject(json, path)
  if (part.type !== 'Sequence') return [[part, path]]
  const list = asArray(part.pretokenizers, `${path}.pretokenizers`)
  if (depth > 8) throw new UnsupportedTokenizerError({ path, value: part, expected: 'a shallow list' })
  return list.flatMap((item, index) => flatten(item, `${path}.pretokenizers[${index}]`, depth + 1))
}

function splitting(pattern: RegExp, behavior: SplitBehavior, invert = false): Step {
  const step = (text: string, out: string[]): boolean => {
    const before = out.length
    const start = splitText(text, pattern, behavior, invert, out)
    return out.length > before && start === 0
  }
  return behavior === 'Isolated' ? Object.assign(step, { cut: pattern }) : step
}

function punctuation(): RegExp {
  return new RegExp(`[${classSource(PUNCTUATION)}]`, 'gu')
}

function compileByteLevel(part: JsonObject, path: string): Step[] {
  const steps: Step[] = []
  if (asBoolean(part.add_prefix_space, `${path}.add_prefix_space`, true)) {
    steps.push((text, out) => {
      out.push(text.startsWith(' ') ? text : ` ${text}`)
      return true
    })
  }
  if (asBoolean(part.use_regex, `${path}.use_regex`, true)) {
    steps.push(splitting(compileRegex(GPT2_PATTERN, path), 'Isolated'))
  }
  return steps
}

const utf8 = new TextEncoder()

function bytesAsText(text: string, out: string[]): boolean {
  out.push(textOfBytes(utf8.encode(text)))
  return true
}

function compileMetaspace(part: JsonObject, path: string): Step[] {
  const { replacement, prependScheme, split } = readMetaspace(part, path)
  const steps: Step[] = [
    (text, out, isStart) => {
      const marked = text.replaceAll(' ', () => replacement)
      const prepends = prependScheme === 'always' || (prependScheme === 'first' && isStart)
      out.push(prepends && !marked.startsWith(replacement) ? replacement + marked : marked)
      return true
    },
  ]
  if (split) steps.push(splitting(compileLiteral(replacement), 'MergedWithNext'))
  return steps
}
