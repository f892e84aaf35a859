/**
 * `pnpm bench:cpu [rounds] [threads]`: this backend beside its peers on a synthetic Llama of 369 M parameters, two threads
 * each by default, in turns, with the machine's rate of reading memory in the same run. Medians and ratios. In Node the
 * peer is native llama.cpp, in Chromium wllama. What cannot be had is left out, and the reason printed.
 *
 * The peers' weights are Q8_0 (8.5 bits), ours E4M3, which `int8` recodes (8.5 bits with its scales).
 */
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { createWasmBackend } from '@octoscale/backend-cpu'
import { inChromium } from './chromium.ts'
import { CONTEXT, type Contestant, GENERATED, PROMPT, type Speeds, timed } from './contestant.ts'
import { createRunner, llama, multiplied } from './llama.ts'
import { writeLlamaGguf } from './llama-gguf.ts'
import { createMemoryReader } from './memory-rate.ts'
import { native } from './native.ts'
import { downloads } from './peers.ts'

const [rounds, threads] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 2)]

async function ours(policy: 'int8' | 'exact'): Promise<Contestant> {
  const backend = await createWasmBackend({ policy, threads })
  console.log(`ours, ${policy}: ${backend.info.detail}`)
  const runner = createRunner(backend, PROMPT, CONTEXT)
  const bytes = policy === 'int8' ? (multiplied * 136) / 128 : multiplied
  const measure = (round: number): Promise<Speeds> => timed(runner, llama.vocabulary, round)
  return { name: `octoscale in Node, ${policy}`, bytes, measure }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
}

const model = join(downloads, 'bench-llama-369m-q8_0.gguf')
await writeLlamaGguf(model)
const contestants = [await ours('int8'), await ours('exact')]
for (const [peer, start] of Object.entries({
  'llama.cpp': async () => [await native(model, threads)],
  Chromium: () => inChromium(model, threads),
})) {
  try {
    contestants.push(...(await start()))
  } catch (error) {
    console.log(`${peer} is left out: ${error}`)
  }
}

const memory = await createMemoryReader(threads)
const results = contestants.map((): Speeds[] => [])
const rates: number[] = []
const loads = [loadavg()[0]!]
// The first prompt of each compiles and warms up, and is not counted.
for (const { measure } of contestants) await measure(0)
for (let round = 1; round <= rounds; round++) {
  rates.push(await memory.measure())
  for (const [i, { measure }] of contestants.entries()) results[i]!.push(await measure(round))
  loads.push(loadavg()[0]!)
  console.log(`round ${round} of ${rounds}`)
}
await memory.end()

// A limit: what disturbs the measurement only makes it less.
const rate = Math.max(...rates)
console.log(
  `\nprompt ${PROMPT}, then ${GENERATED} tokens; ${threads} threads read ${(rate / 1e9).toFixed(1)} GB/s at best`,
)
console.log('                               prefill t/s         decode t/s          decode, best')
console.log('                               median (best)       median (best)       of memory')
contestants.forEach(({ name, bytes }, i) => {
  const both = (kind: 'prefill' | 'decode'): string => {
    const values = results[i]!.map((speeds) => speeds[kind])
    return `${median(values).toFixed(1)} (${Math.max(...values).toFixed(1)})`.padEnd(20)
  }
  const best = Math.max(...results[i]!.map(({ decode }) => decode))
  console.log(
    `${name.padEnd(30)} ${both('prefill')}${both('decode')}${((best * bytes * 100) / rate).toFixed(0)} %`,
  )
})

/** Of each round, then the median: what slows the machine down slows both. */
function printRatio(one: string, other: string): void {
  const [a, b] = [one, other].map(
    (start) => results[contestants.findIndex(({ name }) => name.startsWith(start))],
  )
  if (a === undefined || b === undefined) return
  const ratio = (kind: 'prefill' | 'decode'): string =>
    median(a.map((speeds, round) => speeds[kind] / b[round]![kind])).toFixed(2)
  console.log(
    `${one} : ${other}, median of the rounds: prefill ${ratio('prefill')}, decode ${ratio('decode')}`,
  )
}
printRatio('octoscale in Node, int8', 'llama.cpp native')
printRatio('octoscale in Chromium, int8', 'wllama in Chromium')
const load = Math.max(...loads)
if (load > threads + 1) {
  console.log(`
THE MACHINE WAS BUSY (load ${load.toFixed(1)} with ${availableParallelism()} processors): these figures say nothing of a quiet one, and
threads that spin while they wait (llama.cpp's) lose most. Run it again with nothing beside it.`)
}
process.exit(0)
