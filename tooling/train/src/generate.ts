import { once } from 'node:events'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { evaluationItems } from './evaluation-items.ts'
import { evaluationRows, mix } from './mix.ts'
import { trainPools } from './pools/pools.ts'
import { createRandom } from './random.ts'
import { renderSegments } from './render.ts'
import { SpaceWordCounter } from './space-words.ts'
import type { Conversation } from './types.ts'

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  const stream = createWriteStream(path)
  let chunk: string[] = []
  const flush = async (): Promise<void> => {
    if (!stream.write(chunk.join(''))) await once(stream, 'drain')
    chunk = []
  }
  for (const line of lines) {
    chunk.push(`${line}\n`)
    if (chunk.length === 512) await flush()
  }
  await flush()
  stream.end()
  await once(stream, 'close')
}

function* conversations(task: string, seed: number, count: number): Generator<Conversation> {
  const context = { random: createRandom(seed, task), pools: trainPools, evaluation: false }
  const entry = mix[task]
  if (!entry) throw new Error(`unknown task ${task}`)
  for (let made = 0; made < count; ) {
    for (const conversation of entry.generate(context)) {
      if (made++ < count) yield conversation
    }
  }
}

async function generateTraining(out: string, seed: number, scale: number): Promise<void> {
  const words = new SpaceWordCounter()
  function* lines(task: string, count: number): Generator<string> {
    for (const conversation of conversations(task, seed, count)) {
      words.add(conversation)
      yield JSON.stringify({ task, segments: renderSegments(conversation) })
    }
  }
  const weights: Record<string, { weight: number; copyPhaseWeight: number; documents: number }> = {}
  for (const [task, { count, weight, copyPhaseWeight }] of Object.entries(mix)) {
    const documents = Math.max(1, Math.round(count * scale))
    await writeLines(join(out, `${task}.jsonl`), lines(task, documents))
    weights[task] = { weight, copyPhaseWeight, documents }
  }
  writeFileSync(join(out, 'mix.json'), `${JSON.stringify(weights, null, 2)}\n`)
  writeFileSync(join(out, 'space-words.json'), `${JSON.stringify(words.words())}\n`)
}

async function generateEvaluation(out: string, seed: number, count: number): Promise<void> {
  for (const row of Object.keys(evaluationRows)) {
    const items = evaluationItems(row, seed, count).map((item) => JSON.stringify(item))
    await writeLines(join(out, 'eval', `${row}.jsonl`), items)
  }
}

function printSamples(seed: number, count: number, only: string | undefined): void {
  for (const task of Object.keys(mix)) {
    if (only && task !== only) continue
    let number = 0
    for (const conversation of conversations(task, seed, count)) {
      console.log(`\n=== ${task} ${++number}`)
      console.log(
        renderSegments(conversation)
          .map(({ text, loss }) => (loss ? `\u001b[32m${text}\u001b[0m` : text))
          .join(''),
      )
    }
  }
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    out: { type: 'string', default: 'data' },
    scale: { type: 'string', default: '1' },
    count: { type: 'string', default: '250' },
    sample: { type: 'string' },
    task: { type: 'string' },
    eval: { type: 'boolean', default: false },
  },
})

const seed = Number(values.seed)
if (values.sample) {
  printSamples(seed, Number(values.sample), values.task)
} else {
  mkdirSync(values.eval ? join(values.out, 'eval') : values.out, { recursive: true })
  if (values.eval) await generateEvaluation(values.out, seed, Number(values.count))
  else await generateTraining(values.out, seed, Number(values.scale))
}
