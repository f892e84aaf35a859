/** In Chromium: our backend and wllama, each started by name, then measured round by round. */
import { createWasmBackend } from '@octoscale/backend-cpu'
import { CONTEXT, GENERATED, PROMPT, type Speeds, timed } from '../contestant.ts'
import { createRunner, llama } from '../llama.ts'

/** What the benchmark uses of @wllama/wllama 3.13. */
interface Wllama {
  loadModel(files: readonly Blob[], options: object): Promise<void>
  getNumThreads(): number
  createCompletion(options: object): Promise<{ timings?: Timings }>
}
/** llama.cpp's own clock. */
interface Timings {
  readonly cache_n: number
  readonly prompt_n: number
  readonly prompt_ms: number
  readonly predicted_n: number
  readonly predicted_ms: number
}

type Measure = (round: number) => Promise<Speeds>

interface Started {
  /** What it runs with, for people. */
  readonly detail: string
  readonly measure: Measure
}

async function ours(threads: number): Promise<Started> {
  const backend = await createWasmBackend({ policy: 'int8', threads })
  const runner = createRunner(backend, PROMPT, CONTEXT)
  return { detail: backend.info.detail, measure: (round) => timed(runner, llama.vocabulary, round) }
}

/** `folder`: where wllama is served; `model`: the GGUF file. */
async function wllama(threads: number, folder: string, model: string): Promise<Started> {
  const { Wllama: Constructor } = (await import(/* @vite-ignore */ `${folder}/esm/index.js`)) as {
    Wllama: new (paths: object, options: object) => Wllama
  }
  const made = new Constructor({ default: `${folder}/esm/wasm/wllama.wasm` }, { suppressNativeLog: true })
  const file = await (await fetch(model)).blob()
  const sizes = { n_ctx: CONTEXT, n_batch: PROMPT, n_ubatch: PROMPT }
  await made.loadModel([file], { n_threads: threads, n_gpu_layers: 0, n_parallel: 1, ...sizes })
  const measure: Measure = async (round) => {
    // The vocabulary has no letters: each is a byte token. Another first one, and nothing is reused.
    const letter = (_: unknown, i: number): string => String.fromCharCode(97 + ((i * 7 + round) % 26))
    const prompt = Array.from({ length: PROMPT - 2 }, letter).join('')
    const { timings } = await made.createCompletion({
      prompt,
      max_tokens: GENERATED,
      temperature: 0,
      ignore_eos: true,
    })
    if (timings === undefined) throw new TypeError('wllama gave no timings')
    const { prompt_n, predicted_n } = timings
    if (prompt_n < PROMPT - 8 || predicted_n < GENERATED - 1)
      throw new RangeError(`wllama read ${prompt_n} tokens and wrote ${predicted_n}`)
    return {
      prefill: (prompt_n / timings.prompt_ms) * 1000,
      decode: (predicted_n / timings.predicted_ms) * 1000,
    }
  }
  return { detail: `${made.getNumThreads()} threads`, measure }
}

const measures = new Map<string, Measure>()

/** What `chromium.ts` calls. */
export interface Bench {
  start(name: 'ours' | 'wllama', threads: number, folder: string, model: string): Promise<string>
  measure(name: string, round: number): Promise<Speeds>
}

const bench: Bench = {
  async start(name, threads, folder, model) {
    const { detail, measure } = await (name === 'ours' ? ours(threads) : wllama(threads, folder, model))
    measures.set(name, measure)
    return detail
  },
  async measure(name, round) {
    return await measures.get(name)!(round)
  },
}
Object.assign(globalThis, { bench })
