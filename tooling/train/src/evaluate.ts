/**
 * Accuracy of a model in the engine itself: greedy answers to fresh instances of every row.
 *
 *   node --conditions=@octoscale/source src/evaluate.ts [folder] [--count 200] [--row units] [--json] [--failures 3]
 *
 * Exits with 1 if a row misses its required accuracy.
 */
import { parseArgs } from 'node:util'
import { octoTiny } from '@octoscale/octo-tiny'
import { type Llm, load } from 'octoscale'
import type { EvaluationItem } from './evaluation-item.ts'
import { evaluationItems } from './evaluation-items.ts'
import { evaluationRows } from './mix.ts'
import { scoreMode, scoreReply } from './score.ts'

/** More than the longest expected completion; a model that rambles is cut there. */
const MAX_TOKENS = 640

interface RowResult {
  readonly row: string
  readonly count: number
  readonly right: number
  readonly accuracy: number
  readonly required: number
  readonly failures: readonly string[]
}

function rowResult(row: string, required: number, marks: readonly boolean[], failures: string[]): RowResult {
  const right = marks.filter(Boolean).length
  return { row, count: marks.length, right, accuracy: right / Math.max(1, marks.length), required, failures }
}

function question(item: EvaluationItem): string {
  return String(item.messages.findLast((message) => message.role === 'user')?.content).replaceAll('\n', ' / ')
}

async function evaluate(
  llm: Llm,
  rows: readonly string[],
  seed: number,
  count: number,
): Promise<RowResult[]> {
  const results: RowResult[] = []
  const switched: boolean[] = []
  const switchFailures: string[] = []
  for (const row of rows) {
    const marks: boolean[] = []
    const failures: string[] = []
    for (const item of evaluationItems(row, seed, count)) {
      const { messages, tools = [], thinking } = item
      const reply = await llm
        .chat({ messages, tools, thinking, maxTokens: MAX_TOKENS, temperature: 0 })
        .result()
      const { ok, reason } = scoreReply(item, reply)
      marks.push(ok)
      if (!ok) failures.push(`${question(item)} → ${reason}`)
      const mode = scoreMode(thinking, reply)
      switched.push(mode.ok)
      if (!mode.ok) switchFailures.push(`${row}: ${question(item)} → ${mode.reason}`)
    }
    results.push(rowResult(row, evaluationRows[row]?.required ?? 0, marks, failures))
    process.stderr.write(`${row} ${(100 * results.at(-1)!.accuracy).toFixed(1)}\n`)
  }
  return [...results, rowResult('thinking-switch', 1, switched, switchFailures)]
}

function print(results: readonly RowResult[], failures: number): void {
  console.log('row                     N  right      %  required')
  for (const { row, count, right, accuracy, required, failures: wrong } of results) {
    const numbers = [
      String(count).padStart(5),
      String(right).padStart(6),
      (100 * accuracy).toFixed(1).padStart(6),
    ]
    const verdict = accuracy < required ? '  MISSED' : ''
    console.log(`${row.padEnd(20)}${numbers.join(' ')}  ${String(100 * required).padStart(8)}${verdict}`)
    for (const failure of wrong.slice(0, failures)) console.log(`    ${failure}`)
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1000003' },
    count: { type: 'string', default: '200' },
    row: { type: 'string', multiple: true },
    failures: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
})

const llm = await load(positionals[0] ?? octoTiny)
const results = await evaluate(
  llm,
  values.row ?? Object.keys(evaluationRows),
  Number(values.seed),
  Number(values.count),
)
llm.dispose()
if (values.json) console.log(JSON.stringify(results, null, 2))
else print(results, Number(values.failures))
if (results.some(({ accuracy, required }) => accuracy < required)) process.exitCode = 1
