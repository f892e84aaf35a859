/** How fast this machine's threads together read memory, with 128-bit WebAssembly loads: what decoding cannot exceed. */
import { Worker } from 'node:worker_threads'

/** `read(from, to)` over memory `env.memory`: four loads of 16 bytes in a turn, joined by exclusive or. */
function readerModule(): Uint8Array<ArrayBuffer> {
  const text = (name: string): number[] => [name.length, ...Buffer.from(name)]
  const section = (id: number, content: readonly number[]): number[] => [id, content.length, ...content]
  const load = (local: number, offset: number): number[] => [
    ...[0x20, local, 0x20, 0], // local.get, local.get 0
    ...[0xfd, 0x00, 0x04, offset, 0xfd, 0x51], // v128.load, v128.xor
    ...[0x21, local], // local.set
  ]
  const body = [
    ...[1, 2, 0x7b], // two v128
    ...[0x03, 0x40, ...load(2, 0), ...load(3, 16), ...load(2, 32), ...load(3, 48)], // loop
    ...[0x20, 0, 0x41, 0xc0, 0x00, 0x6a, 0x22, 0, 0x20, 1, 0x49, 0x0d, 0, 0x0b], // from += 64; while from < to
    ...[0x20, 2, 0x20, 3, 0xfd, 0x51, 0xfd, 0x1b, 0, 0x0b], // lane 0 of both
  ]
  return Uint8Array.from([
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 2, 0x7f, 0x7f, 1, 0x7f]),
    ...section(2, [1, ...text('env'), ...text('memory'), 2, 3, 1, 0x80, 0x80, 4]),
    ...section(3, [1, 0]),
    ...section(7, [1, ...text('read'), 0, 0]),
    ...section(10, [1, body.length, ...body]),
  ])
}

const program = `
const { parentPort, workerData: { module, memory, from, to } } = require('node:worker_threads')
const { exports } = new WebAssembly.Instance(module, { env: { memory } })
parentPort.on('message', () => {
  exports.read(from, to)
  parentPort.postMessage('done')
})
`

export interface MemoryReader {
  /** Bytes per second, the best of five passes over the memory: other programs only make it less. */
  measure(): Promise<number>
  end(): Promise<void>
}

/** Each thread reads 256 MiB of its own, more than caches hold. */
export async function createMemoryReader(threads: number): Promise<MemoryReader> {
  const bytes = 2 ** 28
  const pages = (threads * bytes) / 65536 + 1
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true })
  new Uint8Array(memory.buffer).fill(1)
  const module = await WebAssembly.compile(readerModule())
  const workers = Array.from({ length: threads }, (_, i) => {
    const workerData = { module, memory, from: i * bytes, to: (i + 1) * bytes }
    return new Worker(program, { eval: true, workerData })
  })
  const pass = (worker: Worker): Promise<void> =>
    new Promise((resolve) => {
      worker.once('message', () => resolve())
      worker.postMessage('go')
    })
  const passes = () => Promise.all(workers.map(pass))
  await passes()
  return {
    async measure() {
      let best = Infinity
      for (let i = 0; i < 5; i++) {
        const start = performance.now()
        await passes()
        best = Math.min(best, performance.now() - start)
      }
      return (threads * bytes) / (best / 1000)
    },
    async end() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}
