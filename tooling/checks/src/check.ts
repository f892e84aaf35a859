/**
 * `pnpm check [name ...]`: runs every check of the repository, or the named ones, goes on after a failure,
 * and ends with a table. `pnpm check --list` says what there is.
 */
import { styleText } from 'node:util'
import { generate } from '@octoscale/build/generate'
import { findBrowser } from './browser.ts'
import { checks } from './checks/index.ts'
import type { Check, Finding } from './finding.ts'
import { webgpuEnvironment } from './webgpu.ts'

interface Row {
  readonly check: Check
  readonly finding: Finding
  readonly seconds: number
}

// Examples and documents use WebGPU: the processes that run them inherit it.
Object.assign(process.env, webgpuEnvironment(findBrowser()))

const names = process.argv.slice(2)
const unknown = names.filter((name) => name !== '--list' && !checks.some((check) => check.name === name))

if (names.includes('--list')) {
  for (const check of checks) console.log(`${check.name.padEnd(12)} ${check.about}`)
} else if (unknown.length > 0) {
  console.error(
    `no check named ${unknown.join(', ')}; there are ${checks.map((check) => check.name).join(', ')}`,
  )
  process.exitCode = 2
} else {
  const selected = checks.filter((check) => names.length === 0 || names.includes(check.name))
  const rows: Row[] = []
  const generated = generate()
  for (const check of selected) rows.push(await timed(check))
  printTable(rows)
  if (!generated || rows.some((row) => row.finding.problems.length > 0)) process.exitCode = 1
}

async function timed(check: Check): Promise<Row> {
  const start = performance.now()
  const finding = await findings(check)
  const failed = finding.problems.length > 0
  if (failed || names.length > 0) console.log(`${check.name}: ${check.about}`)
  if (names.length > 0) for (const line of finding.details ?? []) console.log(`  ${line}`)
  for (const problem of finding.problems)
    console.log(styleText('red', `  ${problem.replaceAll('\n', '\n    ')}`))
  return { check, finding, seconds: (performance.now() - start) / 1000 }
}

async function findings(check: Check): Promise<Finding> {
  try {
    return await check.run()
  } catch (error) {
    return { problems: [error instanceof Error ? (error.stack ?? error.message) : String(error)], note: '' }
  }
}

function printTable(rows: readonly Row[]): void {
  console.log(`\n${'check'.padEnd(12)} ${'result'.padEnd(11)} ${'seconds'.padStart(7)}  looked at`)
  for (const { check, finding, seconds } of rows) {
    const count = finding.problems.length
    const result = count === 0 ? 'ok' : `${count} problem${count === 1 ? '' : 's'}`
    const coloured = styleText(count === 0 ? 'green' : 'red', result.padEnd(11))
    console.log(`${check.name.padEnd(12)} ${coloured} ${seconds.toFixed(1).padStart(7)}  ${finding.note}`)
  }
}
