/** Options and their values on the command line. What is wrong is told at once, by the name that the person wrote. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import {
  type BackendChoice,
  type BackendName,
  backendNames,
  type CacheType,
  type ComputeOptions,
  cacheTypes,
  type Speculation,
} from 'octoscale'
import { UsageError } from '../explain.ts'

/** `parseArgs` of Node; its words for unknown options and missing values are for people. Throws `UsageError`. */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
): ReturnType<typeof parseArgs<{ args: string[]; options: Options }>>['values'] {
  try {
    return parseArgs({ args: [...args], options }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** `auto` where the option is absent. Throws `UsageError`. */
export function backendChoice(text = 'auto'): BackendChoice {
  if (text === 'auto' || backendNames.includes(text as BackendName)) return text as BackendChoice
  throw new UsageError(`--backend takes auto, ${backendNames.join(', ')}; got ${text}`)
}

/** Undefined where the option is absent. Throws `UsageError`. */
export function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number = Number.MAX_SAFE_INTEGER,
): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`
  throw new UsageError(`--${name} takes a whole number ${range}, got ${text}`)
}

/** From 0 to `max`; `positive` leaves out 0. Undefined where the option is absent. Throws `UsageError`. */
export function numberUpTo(
  name: string,
  text: string | undefined,
  max: number,
  positive = false,
): number | undefined {
  if (text === undefined) return undefined
  const value = text.trim() === '' ? Number.NaN : Number(text)
  if (value <= max && (positive ? value > 0 : value >= 0)) return value
  const range = positive ? `above 0, up to ${max}` : `from 0 to ${max}`
  throw new UsageError(`--${name} takes a number ${range}, got ${text}`)
}

/** The lines of a help text about `computeOptions`. */
export const computeHelp = `      --policy NAME     exact (default), fp8 or int8: what numbers products are computed with
      --threads N       threads of the CPU; default: as many as there are, at most 8;
                        one for a model of less than 40 MB
      --cache-type TYPE f32 (default), f16, bf16 or fp8: how the text so far is held in memory
      --speculation BY  mtp or prompt-lookup: guess tokens, for the same text sooner`

/** For `parseOptions`. */
export const computeOptions = {
  policy: { type: 'string' },
  threads: { type: 'string' },
  'cache-type': { type: 'string' },
  speculation: { type: 'string' },
} as const

/** What `load` is told of how to compute. */
export type ComputeArguments = ComputeOptions & {
  readonly cacheType?: CacheType
  readonly speculation?: Speculation
}

/** Throws `UsageError`. */
export function computeArguments(values: {
  readonly policy?: string | undefined
  readonly threads?: string | undefined
  readonly 'cache-type'?: string | undefined
  readonly speculation?: string | undefined
}): ComputeArguments {
  const policy = oneOf('policy', values.policy, ['exact', 'fp8', 'int8'] as const)
  const speculation = oneOf('speculation', values.speculation, ['mtp', 'prompt-lookup'] as const)
  const cacheType = oneOf('cache-type', values['cache-type'], cacheTypes)
  const threads = wholeNumber('threads', values.threads, 1)
  return {
    ...(policy === undefined ? {} : { policy }),
    ...(threads === undefined ? {} : { threads }),
    ...(cacheType === undefined ? {} : { cacheType }),
    ...(speculation === undefined ? {} : { speculation }),
  }
}

/** Undefined where the option is absent. Throws `UsageError`. */
export function oneOf<Name extends string>(
  option: string,
  text: string | undefined,
  names: readonly Name[],
): Name | undefined {
  const name = names.find((each) => each === text)
  if (text === undefined || name !== undefined) return name
  throw new UsageError(`--${option} takes ${names.join(', ')}; got ${text}`)
}
