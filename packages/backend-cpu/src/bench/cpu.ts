/**
 * `pnpm bench:cpu [rounds] [threads]`: this backend beside native llama.cpp on a synthetic Llama of 369 M parameters, two
 * threads each by default, in turns, with the machine's rate of reading memory in the same run. Medians and ratios.
 *
 * The peer, node-llama-cpp, is installed on demand in a folder of its own under node_modules/.cache/octoscale. Its
 * weights are Q8_0 (8.5 bits), ours E4M3, which `int8` recodes (8.5 bits with its scales).
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { createWasmBackend } from '../wasm/index.ts'
import { createRunner, llama, multiplied, type Runner } from './llama.ts'
import { writeLlamaGguf } from './llama-gguf.ts'
import { createMemoryReader } from './memory-rate.ts'

const PROMPT = 256
const GENERATED = 64
const CONTEXT = 512
const [rounds, threads] = [Number(process.argv[2] ?? 5), Number(process.argv[3] ?? 2)]

interface Contestant {
  readonly name: string
  /** Bytes that decoding a token reads. */
  readonly bytes: number
  readonly runner: Runner
}

const cache = fileURLToPath(new URL('../../../../node_modules/.cache/octoscale/', import.meta.url))

/** What the benchmark uses of node-llama-cpp 3.22. */
interface LlamaCpp {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{ createContext(options: object): Promise<LlamaContext> }>
  }>
}
interface LlamaContext {
  getSequence(): {
    clearHistory(): Promise<void>
    evaluateWithoutGeneratingNewTokens(tokens: readonly number[]): Promise<void>
    evaluate(tokens: readonly number[], options: object): AsyncIterableIterator<number>
  }
}

async function native(): Promise<Contestant> {
  const folder = join(cache, 'node-llama-cpp')
  const entry = join(folder, 'node_modules/node-llama-cpp/dist/index.js')
  if (!existsSync(entry)) {
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
    console.log('installing node-llama-cpp')
    execFileSync('npm', ['install', 'node-llama-cpp@3.22.1'], { cwd: folder, stdio: 'inherit' })
  }
  const path = join(cache, 'bench-llama-369m-q8_0.gguf')
  await writeLlamaGguf(path)
  const { getLlama } = (await import(pathToFileURL(entry).href)) as LlamaCpp
  const cpp = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: threads })
  const model = await cpp.loadModel({ modelPath: path })
  const context = await model.createContext({
    contextSize: CONTEXT,
    batchSize: PROMPT,
    threads: { ideal: threads, min: threads },
  })
  const sequence = context.getSequence()
  return {
    name: 'llama.cpp native, Q8_0',
    bytes: (multiplied * 34) / 32,
    runner: {
      async prefill(ids) {
        await sequence.clearHistory()
        await sequence.evaluateWithoutGeneratingNewTokens(ids)
      },
      async generate(count) {
        let left = count
        for await (const _ of sequence.evaluate([300], { temperature: 0, yieldEogToken: true })) {
          left--
          if (left === 0) return
        }
        throw new RangeError(`llama.cpp ended ${left} tokens early`)
      },
    },
  }
}

async function ours(policy: 'int8' | 'exact'): Promise<Contestant> {
  const backend = await createWasmBackend({ policy, threads: threads })
  console.log(`ours, ${policy}: ${backend.info.detail}`)
  const runner = createRunner(backend, PROMPT, CONTEXT)
  const bytes = policy === 'int8' ? (multiplied * 136) / 128 : multiplied
  return { name: `octoscale wasm, ${policy}`, bytes, runner }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length / 2
  return (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2
}

const contestants = [await ours('int8'), await ours('exact')]
const failed = await native().then(
  (peer) => void contestants.push(peer),
  (error: unknown) => error,
)
if (failed !== undefined) console.log(`llama.cpp is left out: ${failed}`)
const memory = await createMemoryReader(threads)
const ids = Array.from({ length: PROMPT }, (_, i) => 300 + ((i * 7919) % (llama.vocabulary - 300)))
const results = contestants.map(() => ({
  prefill: [] as number[],
  decode: [] as number[],
  seconds: [] as number[],
}))
const rates: number[] = []
for (const { runner } of contestants) await runner.prefill(ids)
const loads = [loadavg()[0]!]
for (let round = 0; round < rounds; round++) {
  rates.push(await memory.measure())
  for (const [i, { runner }] of contestants.entries()) {
    const start = performance.now()
    await runner.prefill(ids)
    const middle = performance.now()
    const before = process.cpuUsage()
    await runner.generate(GENERATED, PROMPT)
    const { user, system } = process.cpuUsage(before)
    const { prefill, decode, seconds } = results[i]!
    prefill.push((PROMPT / (middle - start)) * 1000)
    decode.push((GENERATED / (performance.now() - middle)) * 1000)
    seconds.push((user + system) / 1000 / GENERATED)
  }
  loads.push(loadavg()[0]!)
  console.log(`round ${round + 1} of ${rounds}`)
}
await memory.end()

// A limit: what disturbs the measurement only makes it less.
const rate = Math.max(...rates)
console.log(`\nreading memory, ${threads} threads, best: ${(rate / 1e9).toFixed(1)} GB/s`)
console.log('                          prefill t/s          decode t/s            decode, best   CPU ms')
console.log('                          median (best)        median (best)         of memory      per token')
contestants.forEach(({ name, bytes }, i) => {
  const { prefill, decode, seconds } = results[i]!
  const both = (values: readonly number[]) =>
    `${median(values).toFixed(1)} (${Math.max(...values).toFixed(1)})`.padEnd(20)
  const share = `${((Math.max(...decode) * bytes * 100) / rate).toFixed(0)} %`.padEnd(14)
  console.log(`${name.padEnd(25)} ${both(prefill)} ${both(decode)}  ${share} ${median(seconds).toFixed(1)}`)
})
const peer = contestants.findIndex(({ name }) => name.startsWith('llama.cpp'))
if (peer >= 0) {
  // Of each round, then the median: what slows the machine down slows both.
  const ratio = (kind: 'prefill' | 'decode') =>
    median(results[0]![kind].map((value, r) => value / results[peer]![kind][r]!)).toFixed(2)
  console.log(
    `int8 against native, median of the rounds' ratios: prefill ${ratio('prefill')}, decode ${ratio('decode')}`,
  )
}
const load = Math.max(...loads)
if (load > threads + 1) {
  console.log(`
THE MACHINE WAS BUSY (load ${load.toFixed(1)} with ${availableParallelism()} processors): these figures say nothing of a quiet one, and
threads that spin while they wait (llama.cpp's) lose most. Run it again with nothing beside it.`)
}
process.exit(0)
