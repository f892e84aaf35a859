/** Errors of the model layer. Each carries its facts as fields; the message is built from them and says what to do. */
import type { Estimate } from './estimated-sizes.ts'

/** A value in `config.json` is missing, of a wrong type, out of range, or something this package does not compute. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  /** Path of the key, for example `rope_scaling.factor`. */
  readonly key: string
  readonly expected: string
  readonly got: string
  constructor(facts: { key: string; expected: string; got: unknown; file?: string }) {
    const got = describe(facts.got)
    super(`${facts.file ?? 'config.json'}: ${facts.key} must be ${facts.expected}, got ${got}`)
    this.key = facts.key
    this.expected = facts.expected
    this.got = got
  }
}

/** `model_type` names an architecture that this package does not have. */
export class UnsupportedArchitectureError extends Error {
  override readonly name = 'UnsupportedArchitectureError'
  readonly modelType: string
  readonly supported: readonly string[]
  constructor(facts: { modelType: unknown; supported: readonly string[] }) {
    const modelType = describe(facts.modelType)
    super(`config.json: model_type ${modelType} is not supported; supported: ${facts.supported.join(', ')}`)
    this.modelType = modelType
    this.supported = facts.supported
  }
}

/** The tensors of a checkpoint do not fit its `config.json`. Thrown before anything is allocated. */
export class CheckpointError extends Error {
  override readonly name = 'CheckpointError'
  readonly problem: 'missing' | 'unexpected' | 'shape' | 'dtype'
  /** The file that holds the tensor; the checkpoint's own name when the tensor is missing. */
  readonly file: string
  readonly tensor: string
  readonly expected: string
  readonly got: string
  constructor(facts: {
    problem: CheckpointError['problem']
    file: string
    tensor: string
    expected: string
    got: string
  }) {
    const [tensor, got] = [printable(facts.tensor), printable(facts.got)]
    super(`${facts.file}: tensor ${tensor}: expected ${facts.expected}, got ${got}`)
    this.problem = facts.problem
    this.file = facts.file
    this.tensor = facts.tensor
    this.expected = facts.expected
    this.got = facts.got
  }
}

/** Tokens do not fit the context that the model or the cache was made for. */
export class ContextLengthError extends Error {
  override readonly name = 'ContextLengthError'
  /** Positions there are. */
  readonly limit: number
  /** Positions that were needed. */
  readonly got: number
  constructor(facts: { limit: number; got: number }) {
    super(
      `${facts.got} tokens do not fit a context of ${facts.limit}: ` +
        'shorten the prompt, or load the model with a larger maxContext',
    )
    this.limit = facts.limit
    this.got = facts.got
  }
}

/** An argument of a function of this package is out of its range. */
export class OptionError extends Error {
  override readonly name = 'OptionError'
  readonly option: string
  readonly expected: string
  readonly got: string
  constructor(facts: { option: string; expected: string; got: unknown }) {
    const got = describe(facts.got)
    super(`${facts.option} must be ${facts.expected}, got ${got}`)
    this.option = facts.option
    this.expected = facts.expected
    this.got = got
  }
}

/** A model or cache was used after `dispose()`. */
export class DisposedError extends Error {
  override readonly name = 'DisposedError'
  readonly what: string
  constructor(what: string) {
    super(`this ${what} was disposed; load or create a new one`)
    this.what = what
  }
}

/** A short printable form of an untrusted value. */
function describe(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return String(value)
  try {
    return printable(JSON.stringify(value) ?? String(value))
  } catch {
    // Circular, or a BigInt: no JSON file holds these.
    return typeof value
  }
}

/** Text from a file, fit for a terminal: no control or formatting characters, not longer than a line. */
function printable(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 117)}...` : text
  return short.replaceAll(/\p{C}/gu, '?')
}

/** A model would take more memory than there is. Thrown before anything is allocated. */
export class DoesNotFitError extends Error {
  override readonly name = 'DoesNotFitError'
  readonly estimate: Estimate
  constructor(estimate: Estimate) {
    const { totalBytes, weightBytes, workspaceBytes, cacheBytes, contextLength, longestContext } = estimate
    const parts = `weights ${size(weightBytes)}, activations ${size(workspaceBytes)}, cache ${size(cacheBytes)} for ${contextLength} tokens`
    const advice =
      longestContext > 0
        ? `a maxContext of ${longestContext} fits`
        : 'no context fits: take a smaller model or a device with more memory'
    super(
      `the model needs ${size(totalBytes)} (${parts}), there are ${size(estimate.memoryBytes ?? 0)}; ${advice}`,
    )
    this.estimate = estimate
  }
}

/** Bytes for people, powers of 1000 as on disks. */
function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = bytes < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3))
  return `${power === 0 ? bytes : (bytes / 1000 ** power).toPrecision(3)} ${units[power]}`
}
