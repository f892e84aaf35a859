/**
 * How fast GGUF files are opened and dequantised:
 *
 *     node --conditions=@octoscale/source src/bench/gguf.ts [--json] [--rounds 15]
 *
 * Opening: a header with 256,000 tokens and 512,000 merges, in memory. Decoding: 4 Mi weights of random blocks in memory,
 * one thread. Medians. `library.test.ts` compares opening with `@huggingface/gguf`.
 */
import { parseArgs } from 'node:util'
import { ggmlTypes } from '../gguf/ggml-types.ts'
import { openGguf } from '../gguf/open-gguf.ts'
import { fileOf, str, u32 } from '../gguf/test-files.ts'
import { createRandom } from '../testing/random.ts'

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, rounds: { type: 'string', default: '15' } },
})
const rounds = Number(values.rounds)
const WEIGHTS = 2 ** 22

function median(list: readonly number[]): number {
  return [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!
}

function strings(key: string, list: readonly string[]) {
  return [str(key), u32(9), u32(8), BigInt(list.length), list.map(str)]
}

async function opening(): Promise<{ milliseconds: number; headerBytes: number }> {
  const tokens = Array.from({ length: 256_000 }, (_, i) => `token${i}`)
  const merges = Array.from({ length: 512_000 }, (_, i) => `a${i} b${i}`)
  const pairs = [strings('tokenizer.ggml.tokens', tokens), strings('tokenizer.ggml.merges', merges)]
  const file = fileOf({ pairs })
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await openGguf(file)
    times.push(performance.now() - start)
  }
  return { milliseconds: median(times), headerBytes: file.length }
}

function decoding(): { type: string; millionsPerSecond: number; fileGBps: number }[] {
  const random = createRandom(1)
  const out = new Float32Array(WEIGHTS)
  return ggmlTypes.flatMap(({ name, blockSize, blockBytes, decode }) => {
    if (decode === undefined) return []
    const bytes = Uint8Array.from({ length: (WEIGHTS / blockSize) * blockBytes }, () => random.below(256))
    const times: number[] = []
    for (let round = 0; round < rounds; round++) {
      const start = performance.now()
      decode(bytes, out)
      times.push((performance.now() - start) / 1000)
    }
    const seconds = median(times)
    return [
      { type: name, millionsPerSecond: WEIGHTS / seconds / 1e6, fileGBps: bytes.length / seconds / 1e9 },
    ]
  })
}

const result = { opening: await opening(), decoding: decoding() }
if (values.json) console.log(JSON.stringify(result, undefined, 1))
else {
  const { milliseconds, headerBytes } = result.opening
  console.log(`opening, header of ${(headerBytes / 1e6).toFixed(1)} MB: ${milliseconds.toFixed(0)} ms`)
  console.log('decoding      M weights/s  GB/s of the file')
  for (const { type, millionsPerSecond, fileGBps } of result.decoding) {
    console.log(
      `  ${type.padEnd(10)} ${millionsPerSecond.toFixed(0).padStart(12)}  ${fileGBps.toFixed(2).padStart(16)}`,
    )
  }
}
