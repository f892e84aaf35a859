/**
 * How fast bulk conversion is, one thread, beside ml_dtypes and PyTorch where Python has them:
 * `pnpm --filter @octoscale/fp8-core bench [--json] [--python <program>] [--rounds <n>]`.
 *
 * The programs take turns and measure processor time, not time on the clock, so that other work on the machine disturbs
 * little. Figures are medians over all rounds; ratios are medians of the rounds' ratios.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { commandOptions, usageMistake } from '../figures/command-options.ts'
import { cases, elements } from './cases.ts'

type Speeds = Record<string, number>
const usage = 'pnpm --filter @octoscale/fp8-core bench [--json] [--python <program>] [--rounds <n>]'
const options = commandOptions(usage, {
  json: { type: 'boolean' },
  python: { type: 'string' },
  rounds: { type: 'string', default: '5' },
})
const roundCount = Number(options.rounds)
if (!Number.isInteger(roundCount) || roundCount < 1) {
  usageMistake(usage, `--rounds must be an integer >= 1, got ${options.rounds}`)
}
const python = options.python ?? process.env.PYTHON ?? 'python3'
const script = fileURLToPath(new URL('../../../../tooling/fixtures/fp8-core/speed.py', import.meta.url))
const peers = ['ml_dtypes', 'torch'] as const

/** Median milliseconds of processor time of some calls, after enough of them for the engine to have compiled the loop. */
function measure(run: () => void): number {
  for (let i = 0; i < 10; i++) run()
  const times = Array.from({ length: 15 }, () => {
    const before = process.cpuUsage()
    run()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return median(times)
}

function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

function ours(): Speeds {
  return Object.fromEntries(cases().map(({ name, run }) => [name, elements / measure(run) / 1e6]))
}

/** Speeds by peer and case; empty for a peer that Python does not have. */
function theirs(): Record<string, Speeds> {
  const { stdout, status, error } = spawnSync(python, [script, `${elements}`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return error === undefined && status === 0 ? (JSON.parse(stdout) as Record<string, Speeds>) : {}
}

const rounds = Array.from({ length: roundCount }, () => ({
  octoscale: ours(),
  ...theirs(),
})) as Record<string, Speeds>[]

const rows = Object.keys(rounds[0]!.octoscale!).map((name) => {
  const ofCase = (who: string) =>
    rounds.map((round) => round[who]?.[name]).filter((speed) => speed !== undefined)
  const speed = median(ofCase('octoscale'))
  const ratios = peers.map((peer) => {
    const both = rounds.filter((round) => round[peer]?.[name] !== undefined)
    return both.length === 0 ? undefined : median(both.map((r) => r.octoscale![name]! / r[peer]![name]!))
  })
  return { name, speed, peers: peers.map((p) => median(ofCase(p)) as number | undefined), ratios }
})

if (options.json) console.log(JSON.stringify({ elements, unit: 'G elements/s', peers, rows }, null, 2))
else {
  const missing = peers.filter((peer) => rounds[0]![peer] === undefined)
  if (missing.length > 0)
    console.log(`${python} cannot import ${missing.join(' and ')}: left out (--python)\n`)
  const cell = (value: number | undefined, unit = '') =>
    value === undefined ? '' : `${value.toFixed(2)}${unit}`
  console.log(`G elements/s of ${elements}, one thread; in brackets how many times as fast we are\n`)
  console.log('| conversion | octoscale | ml_dtypes | torch |\n|---|---|---|---|')
  for (const { name, speed, peers: others, ratios } of rows) {
    const cells = others.map(
      (other, i) => `${cell(other)} ${ratios[i] === undefined ? '' : `(${cell(ratios[i], 'x')})`}`,
    )
    console.log(`| ${name} | ${cell(speed)} | ${cells.map((text) => text.trim()).join(' | ')} |`)
  }
}
