/**
 * No quadratic behaviour: sixteen times the text may take a hundred times as long (n log n: 20; quadratic: 256). Of several
 * tries the best counts, so that a pause for something else does not matter.
 */
import { describe, expect, test } from 'vitest'
import { Numbers } from '../testing/corpus.ts'
import { goldenModels, tokenizerOf } from '../testing/models.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'

const LENGTH = 4096
const TIMES = 16
const LIMIT = 100
const TRIES = 4

const repeated =
  (unit: string) =>
  (length: number): string =>
    unit.repeat(length / unit.length)
const random = new Numbers(1)

/** Texts of a length, each hard for something. */
const TEXTS: Readonly<Record<string, (length: number) => string>> = {
  'one letter': repeated('a'),
  'one capital': repeated('A'),
  digits: repeated('01234567'),
  'letters in random order': (length) => Array.from({ length }, () => 'etaoinsh'[random.below(8)]).join(''),
  spaces: repeated(' '),
  'spaces before a letter': (length) => `${' '.repeat(length - 1)}x`,
  'spaces and line ends': repeated('   \n'),
  Chinese: repeated('你好世界'),
  'combining marks': repeated('\u0301\u0323'),
  emoji: repeated('👩\u200d\u200d'),
  punctuation: repeated('!'),
  'beginnings of added tokens': repeated('<'),
  '▁': repeated('▁'),
}

const NAMES = [
  ...[
    'gpt2',
    'llama3',
    'missing-bytes',
    'llama2',
    'gemma',
    'characters',
    'bpe marks bytes',
    'bert',
    'bert short',
  ],
  ...[
    't5',
    'xlm-r',
    'unigram bytes',
    'unigram whole',
    'normalizer Precompiled',
    'normalizer NFC',
    'normalizer Strip',
  ],
  ...[
    'normalizer Replace regex',
    'normalizer NFD StripAccents',
    'pattern o200k',
    'pattern deepseek-v3',
    'flags 2',
    'flags 5',
  ],
]

function milliseconds(work: () => void): number {
  const start = performance.now()
  work()
  return performance.now() - start
}

/** How many times longer the long text takes, encoded and decoded. */
function growth(tokenizer: Tokenizer, text: (length: number) => string): number {
  const [short, long] = [text(LENGTH), text(LENGTH * TIMES)]
  const roundTrip = (input: string): number => milliseconds(() => tokenizer.decode(tokenizer.encode(input)))
  roundTrip(short)
  let best = Number.POSITIVE_INFINITY
  for (let i = 0; i < TRIES && best > LIMIT / 2; i++)
    best = Math.min(best, roundTrip(long) / roundTrip(short))
  return best
}

describe.each(NAMES)('%s', (name) => {
  test('time grows no worse than n log n', { timeout: 60_000 }, () => {
    const one = goldenModels.cases.find((entry) => entry.name === name)
    expect(one).toBeDefined()
    const tokenizer = tokenizerOf(one!)
    const slow = Object.entries(TEXTS).filter(([, text]) => growth(tokenizer, text) > LIMIT)
    expect(slow.map(([kind]) => kind)).toEqual([])
  })
})
