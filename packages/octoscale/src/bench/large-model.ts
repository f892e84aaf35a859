/**
 * A large model from file to tokens on the WebAssembly backend, in a fresh process: load time, peak memory, speed.
 * Linux only (/proc). It writes the synthetic checkpoint (7 GB by default) into a temporary folder and deletes it.
 *
 * `node --conditions=@octoscale/source src/bench/large-model.ts [policy] [layers x hidden x intermediate]`
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs'
import { freemem, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createWasmBackend } from '@octoscale/backend-cpu'
import { estimateModel, loadModel, parseConfig } from '@octoscale/model'
import { openCheckpoint, type Policy } from '@octoscale/tensor'
import { writeLlama } from './synthetic-llama.ts'

const [policy = 'int8', sizes = '32x4096x11008', folder] = process.argv.slice(2)
const MIB = 2 ** 20
const PROMPT = 32
const TOKENS = 16

if (folder === undefined) prepare()
else await measure(folder)

function prepare(): void {
  const [layers = 0, hidden = 0, intermediate = 0] = sizes.split('x').map(Number)
  const parameters = layers * (4 * hidden ** 2 + 3 * hidden * intermediate) + 4 * 32000 * hidden
  const disk = statfsSync(tmpdir())
  if (parameters * 1.2 > freemem() || parameters > disk.bavail * disk.bsize) {
    console.error(
      `needs ${(parameters / 1e9).toFixed(1)} GB of disk and a fifth more of memory, which are not free`,
    )
    process.exitCode = 1
    return
  }
  const made = mkdtempSync(join(tmpdir(), 'octoscale-large-'))
  try {
    writeLlama(made, { layers, hidden, intermediate })
    const options = ['--conditions=@octoscale/source', fileURLToPath(import.meta.url), policy, sizes, made]
    const { status } = spawnSync(process.execPath, options, { stdio: 'inherit' })
    process.exitCode = status ?? 1
  } finally {
    rmSync(made, { recursive: true })
  }
}

/** Resident memory of this process in MiB: now, and at most until now. */
function resident(): { now: number; peak: number } {
  const text = readFileSync('/proc/self/status', 'utf8')
  const [now = 0, peak = 0] = ['VmRSS', 'VmHWM'].map((name) => {
    return Number(new RegExp(`${name}:\\s+(\\d+)`).exec(text)?.[1]) / 1024
  })
  return { now, peak }
}

async function measure(at: string): Promise<void> {
  const before = resident().now
  const checkpoint = await openCheckpoint(at)
  const config = parseConfig(JSON.parse(readFileSync(join(at, 'config.json'), 'utf8')))
  const { totalBytes } = await estimateModel({ checkpoint, config, maxContext: 512 })
  const backend = await createWasmBackend({ policy: policy as Policy, memoryBytes: totalBytes })
  console.log(backend.info.detail)
  const start = performance.now()
  const model = await loadModel({ checkpoint, config, backend, maxContext: 512 })
  const seconds = (performance.now() - start) / 1000
  const weights = model.info.bytes / MIB
  const share = (): string => {
    const above = resident().peak - before
    return `${above.toFixed(0)} MiB = ${(above / weights).toFixed(2)} of the weights`
  }
  console.log(`load: ${seconds.toFixed(1)} s, ${weights.toFixed(0)} MiB of weights, peak ${share()}`)

  const cache = model.createCache(PROMPT + TOKENS)
  let position = 0
  const step = async (ids: readonly number[]): Promise<readonly [number, number]> => {
    const begin = performance.now()
    const logits = await model.forward({ ids, start: position, cache, logits: 'last' })
    position += ids.length
    return [logits.indexOf(logits.reduce((a, b) => Math.max(a, b))), (performance.now() - begin) / 1000]
  }
  const first = await step(Array.from({ length: PROMPT }, (_, i) => 100 + i))
  console.log(`first ${PROMPT} tokens, with the recoding of \`int8\`: ${first[1].toFixed(1)} s`)
  const times: number[] = []
  for (let i = 0, [next] = first; i < TOKENS; i++) {
    const [id, time] = await step([next])
    times.push(time)
    next = id
  }
  const median = times.sort((a, b) => a - b)[TOKENS / 2] ?? 0
  console.log(
    `decode: ${(1 / median).toFixed(2)} tokens/s, median of ${TOKENS}; peak ${share()}, cache and work included`,
  )
  backend.dispose()
}
