/**
 * Typed readers of an untrusted JSON object. Every reader names the key in its error, and has limits:
 * a configuration must not be able to ask for absurd amounts of memory or time.
 */
import { ConfigError } from '../errors.ts'

export class ConfigFields {
  readonly #object: Readonly<Record<string, unknown>>
  readonly #path: string

  /** `json` must be a JSON object; `path` is put before the keys in errors. */
  constructor(json: unknown, path = '') {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      throw new ConfigError({ key: path === '' ? 'the file' : path, expected: 'a JSON object', got: json })
    }
    this.#object = json as Readonly<Record<string, unknown>>
    this.#path = path === '' ? '' : `${path}.`
  }

  /** The value as it stands; undefined when the key is absent. Inherited properties do not count. */
  get(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? this.#object[key] : undefined
  }

  /** True when the key is there and not null: Python writes `None` as null. */
  has(key: string): boolean {
    return this.get(key) !== undefined && this.get(key) !== null
  }

  error(key: string, expected: string): ConfigError {
    return new ConfigError({ key: this.#path + key, expected, got: this.get(key) })
  }

  /** An integer in `min .. max`. */
  integer(key: string, min: number, max: number): number {
    const value = this.get(key)
    if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
      throw this.error(key, `an integer in ${min} .. ${max}`)
    }
    return value
  }

  /** A finite number in `min .. max`. */
  number(key: string, min: number, max: number): number {
    const value = this.get(key)
    if (typeof value !== 'number' || !(value >= min && value <= max)) {
      throw this.error(key, `a number in ${min} .. ${max}`)
    }
    return value
  }

  boolean(key: string): boolean {
    const value = this.get(key)
    if (typeof value !== 'boolean') throw this.error(key, 'true or false')
    return value
  }

  /** One of the given values. */
  oneOf<const T extends string | boolean>(key: string, allowed: readonly T[]): T {
    const value = this.get(key)
    const found = allowed.find((each) => each === value)
    if (found === undefined) throw this.error(key, allowed.map((each) => JSON.stringify(each)).join(' or '))
    return found
  }

  /** The object under a key. */
  object(key: string): ConfigFields {
    return new ConfigFields(this.get(key), this.#path + key)
  }
}
