/** What the names in `tokenizer.ggml.pre` stand for: the pre-tokenizers of the models that they are named after. */

/** A part of the tokenizer.json that a name stands for. */
export interface GgufPreTokenizer {
  /** Patterns, one after the other: the text is cut at their matches. */
  readonly patterns: readonly string[]
  readonly normalForm?: 'NFC'
  /** A piece that is a token is never made of merges. */
  readonly ignoreMerges?: boolean
  /** Whether texts begin with the begin token where the file does not say. */
  readonly addBos?: boolean
}

const GPT2 = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+"
const CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
const END = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+'
const NUMBERS_OF_3 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${END}`
const NUMBERS_OF_1 = `${CONTRACTIONS}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${END}`
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]'
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]'
/** Words end where lower case turns into upper case. */
const casedWords = (suffix: string): string =>
  `[^\\r\\n\\p{L}\\p{N}]?${UPPER}*${LOWER}+${suffix}|[^\\r\\n\\p{L}\\p{N}]?${UPPER}+${LOWER}*${suffix}`

const gpt2: GgufPreTokenizer = { patterns: [GPT2] }
const singleDigits: GgufPreTokenizer = { patterns: ['\\p{N}', GPT2] }
const llama3: GgufPreTokenizer = { patterns: [NUMBERS_OF_3], ignoreMerges: true, addBos: true }
const qwen2: GgufPreTokenizer = { patterns: [NUMBERS_OF_1], normalForm: 'NFC' }
const deepseek3: GgufPreTokenizer = {
  patterns: [
    '\\p{N}{1,3}',
    '[一-龥぀-ゟ゠-ヿ]+',
    `[!"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_\`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+| ?[\\p{P}\\p{S}]+[\\r\\n]*|${END}`,
  ],
}
const gpt4o: GgufPreTokenizer = {
  patterns: [`${casedWords(`${CONTRACTIONS}?`)}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${END}`],
  ignoreMerges: true,
}

/**
 * By name. `default` is what old files have, before there were names: what these models need cannot be told any more, and
 * llama.cpp cuts them as below, digits in threes.
 */
export const GGUF_PRE_TOKENIZERS: ReadonlyMap<string, GgufPreTokenizer> = new Map([
  ['default', { patterns: ['[\\p{P}\\$\\+<=>\\^~\\|]+', GPT2.slice(0, -4), '\\p{N}+', '[0-9][0-9][0-9]'] }],
  ['gpt-2', gpt2],
  ['phi-2', gpt2],
  ['mpt', gpt2],
  ['olmo', gpt2],
  ['smollm', singleDigits],
  ['starcoder', singleDigits],
  ['refact', singleDigits],
  ['command-r', singleDigits],
  ['codeshell', singleDigits],
  ['llama-bpe', llama3],
  ['llama3', llama3],
  ['llama-v3', llama3],
  ['dbrx', { patterns: [NUMBERS_OF_3] }],
  ['smaug-bpe', { patterns: [NUMBERS_OF_3] }],
  ['qwen2', qwen2],
  ['deepseek-r1-qwen', qwen2],
  ['stablelm2', { patterns: [NUMBERS_OF_1] }],
  ['deepseek-coder', { patterns: ['[\\r\\n]', '\\s?\\p{L}+', '\\s?\\p{P}+', '[一-龥ࠀ-一가-퟿]+', '\\p{N}'] }],
  ['deepseek-v3', deepseek3],
  ['gpt-4o', gpt4o],
  ['llama4', { ...gpt4o, addBos: true }],
  [
    'tekken',
    {
      patterns: [`${casedWords('')}|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${END}`],
      ignoreMerges: true,
      addBos: true,
    },
  ],
])
