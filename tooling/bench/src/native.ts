/** llama.cpp as a native library, through node-llama-cpp. */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { CONTEXT, type Contestant, PROMPT, type Runner, timed } from './contestant.ts'
import { llama, multiplied } from './llama.ts'
import { installPeer } from './peers.ts'

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

export async function native(modelPath: string, threads: number): Promise<Contestant> {
  const entry = 'dist/index.js'
  const folder = await installPeer('node-llama-cpp', '3.22.1', entry)
  const { getLlama } = (await import(pathToFileURL(join(folder, entry)).href)) as LlamaCpp
  const cpp = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: threads })
  const model = await cpp.loadModel({ modelPath })
  const context = await model.createContext({
    contextSize: CONTEXT,
    batchSize: PROMPT,
    threads: { ideal: threads, min: threads },
  })
  const sequence = context.getSequence()
  const runner: Runner = {
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
  }
  return {
    name: 'llama.cpp native, Q8_0',
    bytes: (multiplied * 34) / 32,
    measure: (round) => timed(runner, llama.vocabulary, round),
  }
}
