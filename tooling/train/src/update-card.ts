/**
 * Puts an evaluation of octo-tiny beside the model and into the table of its card.
 *
 *   pnpm --filter @octoscale/train evaluate --count 200 --json > evaluation.json
 *   pnpm --filter @octoscale/train update-card "$PWD/evaluation.json"
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { octoTiny } from '@octoscale/octo-tiny'

interface Row {
  readonly row: string
  readonly count: number
  readonly right: number
  readonly accuracy: number
  readonly required: number
}

const files = process.argv.slice(2)
if (files.length === 0) {
  process.stderr.write('usage: update-card.ts <output of evaluate.ts --json> ...\n')
  process.exit(2)
}

// Rows may come from several processes (`--row`); `thinking-switch` is in the output of each.
const byName = new Map<string, Row>()
for (const file of files) {
  for (const { row, count, right, required } of JSON.parse(readFileSync(file, 'utf8')) as Row[]) {
    const before = byName.get(row) ?? { count: 0, right: 0 }
    const all = { count: before.count + count, right: before.right + right }
    byName.delete(row)
    byName.set(row, { row, ...all, accuracy: all.right / all.count, required })
  }
}
const rows = [...byName.values()]
const modelSha256 = createHash('sha256')
  .update(readFileSync(octoTiny.files['model.safetensors'] as URL))
  .digest('hex')
const folder = new URL('../', octoTiny.files['config.json'])
writeFileSync(new URL('evaluation.json', folder), `${JSON.stringify({ modelSha256, rows }, null, 2)}\n`)

const percent = (value: number): string => `${(100 * value).toFixed(1)} %`
const table = [
  '| row | instances | right | required |',
  '|---|---|---|---|',
  ...rows.map(
    ({ row, count, accuracy, required }) =>
      `| ${row} | ${count} | ${percent(accuracy)} | ${required === 0 ? '' : `${100 * required} %`} |`,
  ),
].join('\n')
const card = new URL('README.md', folder)
const begin = '<!-- evaluation -->'
const end = '<!-- /evaluation -->'
const text = readFileSync(card, 'utf8')
const [before, rest] = text.split(begin)
const after = rest?.split(end)[1]
if (before === undefined || after === undefined) {
  process.stderr.write(`the card has no place for the table: ${begin} ... ${end}\n`)
  process.exit(1)
}
writeFileSync(card, `${before}${begin}\n${table}\n${end}${after}`)
