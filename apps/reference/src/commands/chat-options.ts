/** The options of `octoscale chat`. */
import { type BackendChoice, backendNames } from 'octoscale'
import { UsageError } from '../explain.ts'
import {
  backendChoice,
  type ComputeArguments,
  computeArguments,
  computeHelp,
  computeOptions,
  numberUpTo,
  parseOptions,
  wholeNumber,
} from './option-values.ts'

export const chatHelp: string = `octoscale chat [options]

  -p, --prompt TEXT     ask one question and end; "-" reads it from standard input
      --think           let the model think first
      --system TEXT     system text
      --tools           offer tools: number formats, a calculator, JavaScript in a sandbox
      --files FOLDER    offer tools that list, search and read the files of a folder
      --json            with -p: print one JSON object instead of text
      --model FOLDER    a model's folder or GGUF file, or their URL; default: the embedded octo-tiny
      --backend NAME    auto, ${backendNames.join(', ')}; default auto
${computeHelp}
      --max-tokens N    tokens to generate at most in one answer
      --context N       longest conversation in tokens
      --temperature T   0 is greedy; default: what the model's makers say
      --top-p P         keep the most likely tokens up to this probability
      --seed N          the same seed gives the same text
  -h, --help            this text

Without -p it is a conversation: /think switches thinking, /new begins anew, /exit (or Ctrl-D) ends.
`

export interface ChatArguments {
  readonly help: boolean
  readonly prompt: string | undefined
  readonly thinking: boolean
  readonly system: string | undefined
  readonly tools: boolean
  readonly files: string | undefined
  readonly json: boolean
  readonly model: string | undefined
  readonly backend: BackendChoice
  readonly compute: ComputeArguments
  readonly maxContext: number | undefined
  readonly sampling: { maxTokens?: number; temperature?: number; topP?: number; seed?: number }
}

/** Throws `UsageError`. */
export function parseChatArguments(args: readonly string[]): ChatArguments {
  const values = parseOptions(args, options)
  if (values.json && values.prompt === undefined) throw new UsageError('--json goes with -p')
  const sampling: ChatArguments['sampling'] = {}
  const maxTokens = wholeNumber('max-tokens', values['max-tokens'], 1)
  if (maxTokens !== undefined) sampling.maxTokens = maxTokens
  const temperature = numberUpTo('temperature', values.temperature, 100)
  if (temperature !== undefined) sampling.temperature = temperature
  const topP = numberUpTo('top-p', values['top-p'], 1, true)
  if (topP !== undefined) sampling.topP = topP
  const seed = wholeNumber('seed', values.seed, 0)
  if (seed !== undefined) sampling.seed = seed
  return {
    help: values.help ?? false,
    prompt: values.prompt,
    thinking: values.think ?? false,
    system: values.system,
    tools: values.tools ?? false,
    files: values.files,
    json: values.json ?? false,
    model: values.model,
    backend: backendChoice(values.backend),
    compute: computeArguments(values),
    maxContext: wholeNumber('context', values.context, 1),
    sampling,
  }
}

const options = {
  prompt: { type: 'string', short: 'p' },
  think: { type: 'boolean' },
  system: { type: 'string' },
  tools: { type: 'boolean' },
  files: { type: 'string' },
  json: { type: 'boolean' },
  model: { type: 'string' },
  backend: { type: 'string' },
  ...computeOptions,
  'max-tokens': { type: 'string' },
  context: { type: 'string' },
  temperature: { type: 'string' },
  'top-p': { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const
