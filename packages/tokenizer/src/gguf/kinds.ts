/** The kinds of vocabularies in GGUF files, each as the parts of a tokenizer.json. */
import { TokenTable } from '../cache/token-table.ts'
import { GgufVocabularyError } from '../errors.ts'
import { type MetadataReader, required } from './metadata.ts'
import { GGUF_PRE_TOKENIZERS } from './pre-tokenizers.ts'
import { scoreMerges } from './score-merges.ts'

type Json = Readonly<Record<string, unknown>>

export interface VocabularyParts {
  readonly reader: MetadataReader
  readonly tokens: readonly string[]
  readonly types: Float64Array
  /** Ids by the part that they play, such as `bos`. */
  readonly roles: Readonly<Record<string, number>>
}

export interface GgufTokenizer {
  /** Without added tokens and post-processor. */
  readonly json: Json
  /** Whether texts begin (end) with a special token where the file does not say. */
  readonly addBos: boolean
  readonly addEos: boolean
}

/** `gpt2`: BPE over bytes. The name in `tokenizer.ggml.pre` stands for its pre-tokenizer. */
export function byteLevelTokenizer({ reader, tokens, roles }: VocabularyParts): GgufTokenizer {
  const key = 'tokenizer.ggml.pre'
  const name = reader.string(key) ?? 'default'
  const pre = GGUF_PRE_TOKENIZERS.get(name)
  if (pre === undefined) {
    const expected = `one of ${[...GGUF_PRE_TOKENIZERS.keys()].join(', ')}`
    throw new GgufVocabularyError({ key, expected, value: name })
  }
  const mergesKey = 'tokenizer.ggml.merges'
  const bytes = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false }
  const splits = pre.patterns.map((Regex) => ({
    type: 'Split',
    pattern: { Regex },
    behavior: 'Isolated',
    invert: false,
  }))
  return {
    addBos: pre.addBos ?? false,
    addEos: false,
    json: {
      normalizer: pre.normalForm === undefined ? null : { type: pre.normalForm },
      pre_tokenizer: { type: 'Sequence', pretokenizers: [...splits, bytes] },
      decoder: bytes,
      model: {
        type: 'BPE',
        vocab: vocabulary(tokens),
        merges: required(reader.strings(mergesKey), mergesKey, 'the list of merges'),
        unk_token: roles.unk === undefined ? null : tokens[roles.unk],
        ignore_merges: pre.ignoreMerges ?? false,
      },
    },
  }
}

/** `llama`: BPE of SentencePiece over characters, merges by score, bytes for what is unknown. */
export function scoredTokenizer({ reader, tokens, types, roles }: VocabularyParts): GgufTokenizer {
  const key = 'tokenizer.ggml.scores'
  const scores = required(reader.numbers(key, tokens.length), key, 'the list of scores')
  const addsSpace = reader.boolean('tokenizer.ggml.add_space_prefix') ?? true
  const replace = (from: string, content: string): Json => ({
    type: 'Replace',
    pattern: { String: from },
    content,
  })
  const isPiece = (id: number): boolean => types[id] === 1 || types[id] === 4 || types[id] === 5
  const begin = addsSpace ? [{ type: 'Prepend', prepend: '▁' }] : []
  const strip = addsSpace ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []
  return {
    addBos: true,
    addEos: false,
    json: {
      normalizer: { type: 'Sequence', normalizers: [...begin, replace(' ', '▁')] },
      pre_tokenizer: null,
      decoder: {
        type: 'Sequence',
        decoders: [replace('▁', ' '), { type: 'ByteFallback' }, { type: 'Fuse' }, ...strip],
      },
      model: {
        type: 'BPE',
        vocab: tokenTable(tokens),
        merges: scoreMerges(tokens, scores, isPiece),
        unk_token: roles.unk === undefined ? null : tokens[roles.unk],
        fuse_unk: true,
        byte_fallback: true,
      },
    },
  }
}

/**
 * `bert`: WordPiece. The file has turned the marks of tokens round: `▁` at the beginning of a word instead of `##` inside it.
 * It does not say whether the model is cased; as llama.cpp does, accents go and capitals become small.
 */
export function wordPieceTokenizer({ tokens, types, roles }: VocabularyParts): GgufTokenizer {
  const marked = tokens.map((token, id) => {
    if (types[id] !== 1) return token
    return token.startsWith('▁') ? token.slice(1) : `##${token}`
  })
  return {
    addBos: true,
    addEos: true,
    json: {
      normalizer: { type: 'BertNormalizer', lowercase: true, strip_accents: null },
      pre_tokenizer: { type: 'BertPreTokenizer' },
      decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
      model: {
        type: 'WordPiece',
        vocab: vocabulary(marked),
        unk_token: roles.unk === undefined ? '[UNK]' : tokens[roles.unk],
        continuing_subword_prefix: '##',
        max_input_chars_per_word: 100,
      },
    },
  }
}

function vocabulary(tokens: readonly string[]): Json {
  // Without a prototype, a token `__proto__` is only a key.
  const vocab: Record<string, number> = Object.create(null)
  for (const [id, token] of tokens.entries()) vocab[token] = id
  return vocab
}

function tokenTable(tokens: readonly string[]): TokenTable {
  const starts = new Uint32Array(tokens.length + 1)
  for (const [i, token] of tokens.entries()) starts[i + 1] = starts[i]! + token.length
  return new TokenTable(
    tokens.join(''),
    starts,
    Uint32Array.from(tokens, (_, id) => id),
  )
}
