/**
 * The stream decoder for decoders of every kind, by brute force: after each id the text must be what `decode` gives for all
 * continuations of up to three ids have in common, and no id later than that.
 *
 * Mutations seen red: a broken run of bytes held to its end, or read on as text; one more, or one less, of what is stripped held
 * back; what was held back forgotten; all of a token held back for its suffix.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StreamDecoder } from './stream-decoder.ts'
import { Tokenizer } from './tokenizer.ts'

type Json = Record<string, unknown>
const replace = (from: string, content: string): Json => ({
  type: 'Replace',
  pattern: { String: from },
  content,
})
const strip = (start: number, stop: number): Json => ({ type: 'Strip', content: ' ', start, stop })
const bytes = { type: 'ByteFallback' }
const fuse = { type: 'Fuse' }

/** Runs of bytes are text if they are valid as a whole, else as many U+FFFD. */
function decodeRuns(tokens: readonly string[]): string {
  const runs = `${tokens.map((token) => (/^<0x..>$/.test(token) ? token : `|${token}|`)).join('')}`
  return runs
    .replace(/(?:<0x..>)+/g, (run) => {
      const bytes = Uint8Array.from(run.match(/0x../g)!, Number)
      const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      return text.includes('\ufffd') ? '\ufffd'.repeat(bytes.length) : text
    })
    .replaceAll('|', '')
    .replaceAll('▁', ' ')
}

const join = (tokens: readonly string[]): string => tokens.join('')
const CLEAN: readonly (readonly [string, string])[] = [
  [' .', '.'],
  [" 's", "'s"],
  [" n't", "n't"],
]
const clean = (text: string): string => CLEAN.reduce((now, [from, to]) => now.replaceAll(from, to), text)
const LATIN = new Map([
  ['ð', 0xf0],
  ['Ł', 0x9f],
  ['ĺ', 0x98],
  ['Ģ', 0x80],
  ['Ã', 0xc3],
  ['©', 0xa9],
  ['Ġ', 0x20],
  ['a', 0x61],
])
const fromLatin = (tokens: readonly string[]): string =>
  new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(tokens, (token) => LATIN.get(token)!))

interface Kind {
  readonly name: string
  readonly tokens: readonly string[]
  readonly decoder: Json | null
  /** The definition: all tokens at once. */
  readonly decode: (tokens: readonly string[]) => string
}

const KINDS: readonly Kind[] = [
  { name: 'no decoder', tokens: ['a', 'b c', '', '😀'], decoder: null, decode: (tokens) => tokens.join(' ') },
  {
    name: 'bytes',
    tokens: ['<0xC3>', '<0xA9>', '<0xFF>', '<0x41>', 'a', '▁b'],
    decoder: sequence(replace('▁', ' '), bytes, fuse),
    decode: decodeRuns,
  },
  {
    name: 'bytes of four-byte characters',
    tokens: ['<0xF0>', '<0x9F>', '<0x98>', '<0x80>', 'a'],
    decoder: sequence(bytes, fuse),
    decode: decodeRuns,
  },
  {
    name: 'a space off the beginning',
    tokens: ['▁a', '▁', 'b', '<0x20>', '<0xFF>'],
    decoder: sequence(replace('▁', ' '), bytes, fuse, strip(1, 0)),
    decode: (tokens) => decodeRuns(tokens).replace(/^ /, ''),
  },
  {
    name: 'spaces off both ends',
    tokens: [' ', '  ', 'a', ' b '],
    decoder: sequence(fuse, strip(1, 2)),
    decode: (tokens) =>
      join(tokens)
        .replace(/^ /, '')
        .replace(/ {1,2}$/, ''),
  },
  {
    name: 'spaces off the end',
    tokens: [' ', '   ', 'a', ''],
    decoder: sequence(fuse, strip(0, 1)),
    decode: (tokens) => join(tokens).replace(/ $/, ''),
  },
  {
    name: 'Metaspace',
    tokens: ['▁a', '▁', 'b', '▁▁'],
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always' },
    decode: ([first = '', ...rest]) => first.replaceAll('▁', '') + join(rest).replaceAll('▁', ' '),
  },
  {
    name: 'Metaspace, never in front',
    tokens: ['▁a', 'b'],
    decoder: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'never' },
    decode: (tokens) => join(tokens).replaceAll('▁', ' '),
  },
  {
    name: 'WordPiece',
    tokens: ['un', '##able', '.', "'s", "n't"],
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    decode: ([first = '', ...rest]) =>
      clean(first) + join(rest.map((token) => clean(token.startsWith('##') ? token.slice(2) : ` ${token}`))),
  },
  {
    name: 'BPEDecoder',
    tokens: ['a', 'b</w>', '</w>', 'c</w>d'],
    decoder: { type: 'BPEDecoder', suffix: '</w>' },
    decode: (tokens) =>
      join(tokens.map((token, i) => token.replaceAll('</w>', i === tokens.length - 1 ? '' : ' '))),
  },
  {
    name: 'ByteLevel',
    tokens: ['a', 'Ã', '©', 'ð', 'Ł', 'ĺ', 'Ģ', 'Ġ'],
    decoder: { type: 'ByteLevel' },
    decode: fromLatin,
  },
]

function sequence(...decoders: Json[]): Json {
  return { type: 'Sequence', decoders }
}

function tokenizerOf(tokens: readonly string[], decoder: Json | null): Tokenizer {
  const vocab = Object.fromEntries(tokens.map((token, id) => [token, id]))
  return Tokenizer.fromJSON({ model: { type: 'BPE', vocab, merges: [] }, decoder })
}

/** The longest beginning that texts have in common, whole characters. */
function common(texts: readonly string[]): string {
  let [first] = texts as [string]
  for (const text of texts) while (!text.startsWith(first)) first = first.slice(0, -1)
  return /[\ud800-\udbff]$/.test(first) ? first.slice(0, -1) : first
}

describe.each(KINDS)('$name', ({ tokens, decoder, decode }) => {
  const tokenizer = tokenizerOf(tokens, decoder)
  const all = tokens.map((_token, id) => id)
  const continuations: number[][] = [[]]
  for (let from = 0, length = 0; length < 3; length++) {
    const until = continuations.length
    for (; from < until; from++) for (const id of all) continuations.push([...continuations[from]!, id])
  }
  const sequences = fc.array(fc.nat({ max: tokens.length - 1 }), { maxLength: 7 })

  test('pieces are the text of decode, nothing later than possible', () => {
    fc.assert(
      fc.property(sequences, (ids) => {
        const stream = new StreamDecoder(tokenizer)
        let text = ''
        for (const [index, id] of ids.entries()) {
          const piece = stream.push(id)
          expect(piece.isWellFormed()).toBe(true)
          text += piece
          const before = ids.slice(0, index + 1)
          expect([before, text]).toEqual([
            before,
            common(continuations.map((more) => decode([...before, ...more].map((token) => tokens[token]!)))),
          ])
        }
        expect(text + stream.finish()).toBe(decode(ids.map((id) => tokens[id]!)))
        expect(tokenizer.decode(ids)).toBe(decode(ids.map((id) => tokens[id]!)))
        expect(stream.push(0) + stream.finish()).toBe(tokenizer.decode([0]))
      }),
      { numRuns: 60 },
    )
  })
})
