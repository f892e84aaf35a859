/** Reading settings of an untrusted `config.json`: typed values, or an error that names the setting. */
import { printable } from '../files/json-keys.ts'
import { isObject } from '../files/read-json.ts'
import { QuantizationConfigError } from './errors.ts'

/** An object of the configuration. A setting that is null counts as not given. */
export class ConfigFields {
  readonly file: string
  readonly path: string
  readonly #values: Readonly<Record<string, unknown>>

  constructor(file: string, path: string, values: Readonly<Record<string, unknown>>) {
    this.file = file
    this.path = path
    this.#values = values
  }

  get keys(): readonly string[] {
    return Object.keys(this.#values)
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined
  }

  /** The error of a setting that cannot be followed. */
  error(key: string, expected: string, got: string = shown(this.#get(key))): QuantizationConfigError {
    return new QuantizationConfigError({ file: this.file, field: this.#pathOf(key), expected, got })
  }

  /** One of some words. */
  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const value = this.#get(key)
    if (value === undefined) return undefined
    const word = words.find((each) => each === value)
    if (word === undefined) throw this.error(key, words.join(', '))
    return word
  }

  /** As `oneOf`, for a setting that must be there. */
  required<Word extends string>(key: string, words: readonly Word[]): Word {
    const word = this.oneOf(key, words)
    if (word === undefined) throw this.error(key, words.join(', '))
    return word
  }

  boolean(key: string): boolean | undefined {
    const value = this.#get(key)
    if (value === undefined || typeof value === 'boolean') return value
    throw this.error(key, 'true or false')
  }

  /** -1, or 1 .. 2^20: bits, sizes of groups. */
  integer(key: string): number | undefined {
    const value = this.#get(key)
    if (value === undefined || value === -1 || isExtent(value)) return value
    throw this.error(key, 'a positive integer')
  }

  /** Height and width of a block. */
  block(key: string): readonly [number, number] | undefined {
    const value = this.#get(key)
    if (value === undefined) return undefined
    if (Array.isArray(value) && value.length === 2 && isExtent(value[0]) && isExtent(value[1])) {
      return [value[0], value[1]]
    }
    throw this.error(key, '[rows, columns], two positive integers')
  }

  /** A list of names; empty where it is not given. */
  strings(key: string): readonly string[] {
    const value = this.#get(key)
    if (value === undefined) return []
    if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
    throw this.error(key, 'a list of names')
  }

  object(key: string): ConfigFields | undefined {
    const value = this.#get(key)
    if (value === undefined) return undefined
    if (isObject(value)) return new ConfigFields(this.file, this.#pathOf(key), value)
    throw this.error(key, 'an object')
  }

  #get(key: string): unknown {
    return Object.hasOwn(this.#values, key) ? (this.#values[key] ?? undefined) : undefined
  }

  #pathOf(key: string): string {
    const shownKey = /^\w{1,60}$/.test(key) ? key : printable(key)
    return this.path === '' ? shownKey : `${this.path}.${shownKey}`
  }
}

function isExtent(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 2 ** 20
}

/** A value as a message may show it, of bounded length. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing'
  if (typeof value === 'string') return printable(value)
  if (Array.isArray(value)) {
    const flat = value.length <= 4 && value.every((each) => typeof each === 'number')
    return flat ? `[${value.join(', ')}]` : `a list of ${value.length}`
  }
  return isObject(value) ? 'an object' : String(value).slice(0, 40)
}
