/** `octoscale estimate`: what a model would take, without loading it. */
import { octoTiny } from '@octoscale/octo-tiny'
import { cacheTypes, type Estimate, estimate } from 'octoscale'
import { UsageError } from '../explain.ts'
import { quantity } from '../terminal.ts'
import { oneOf, parseOptions, wholeNumber } from './option-values.ts'

const help = `octoscale estimate [options]

      --model FOLDER    a model's folder or URL; default: the embedded octo-tiny
      --context N       longest conversation in tokens; default 4096
      --sequences N     conversations held at once; default 1
      --cache-type TYPE f32 (default), f16, bf16 or fp8
      --memory SIZE     what there is, such as 24GB or 512MiB; default: free memory of this machine
      --json            print one JSON object instead of text
  -h, --help            this text

Reads config.json and the headers of the weights, not the weights. Ends with exit code 1 if the model does not fit.
`

const options = {
  model: { type: 'string' },
  context: { type: 'string' },
  sequences: { type: 'string' },
  'cache-type': { type: 'string' },
  memory: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

export async function estimateCommand(args: string[]): Promise<void> {
  const values = parseOptions(args, options)
  if (values.help) {
    process.stdout.write(help)
    return
  }
  const maxContext = wholeNumber('context', values.context, 1)
  const sequences = wholeNumber('sequences', values.sequences, 1)
  const cacheType = oneOf('cache-type', values['cache-type'], cacheTypes)
  const memoryBytes = values.memory === undefined ? undefined : parseSize(values.memory)
  const result = await estimate(values.model ?? octoTiny, {
    ...(maxContext === undefined ? {} : { maxContext }),
    ...(sequences === undefined ? {} : { sequences }),
    ...(cacheType === undefined ? {} : { cacheType }),
    ...(memoryBytes === undefined ? {} : { memoryBytes }),
  })
  process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : describe(result))
  if (!result.fits) process.exitCode = 1
}

const units: Readonly<Record<string, number>> = {
  '': 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
}

function parseSize(text: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?) ?([kmgt]i?b)?$/i.exec(text) ?? []
  if (number === '') throw new UsageError(`--memory takes a size such as 24GB or 512MiB, got ${text}`)
  return Math.floor(Number(number) * (units[unit.toLowerCase()] as number))
}

const barWidth = 40

/** A line for each part, with a bar of its share. */
function describe(result: Estimate): string {
  const { totalBytes, contextLength, sequences, memoryBytes, longestContext } = result
  const conversations = sequences === 1 ? '' : `${sequences} x `
  const parts: readonly (readonly [string, number])[] = [
    ['weights', result.weightBytes],
    [`cache (${conversations}${contextLength} tokens)`, result.cacheBytes],
    ['activations', result.workspaceBytes],
    ['in all', totalBytes],
  ]
  const width = Math.max(...parts.map(([name]) => name.length))
  const lines = parts.map(([name, bytes]) => {
    const bar = '█'.repeat(Math.round((barWidth * bytes) / totalBytes))
    return `  ${name.padEnd(width)}  ${`${quantity(bytes)}B`.padStart(8)}  ${bar}`
  })
  return `${result.architecture}, ${quantity(result.parameters)} parameters, ${quantity(result.fileBytes)}B of files
${lines.join('\n')}
${verdict(memoryBytes, result.fits, longestContext)}
`
}

function verdict(memoryBytes: number | undefined, fits: boolean, longestContext: number): string {
  if (memoryBytes === undefined || memoryBytes === Infinity) return 'how much memory there is, is not known'
  const there = `${quantity(memoryBytes)}B of memory`
  if (longestContext === 0) return `does not fit ${there} with any context`
  return `${fits ? 'fits' : 'does not fit'} ${there}; the longest context that fits has ${longestContext} tokens`
}
