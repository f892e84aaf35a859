/** Typed reading of untrusted JSON: each function returns the value or throws with the path of the fault. */
import { UnsupportedTokenizerError } from './errors.ts'

export type JsonObject = Readonly<Record<string, unknown>>

export function asObject(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject
  throw new UnsupportedTokenizerError({ path, value, expected: 'an object' })
}

export function asArray(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new UnsupportedTokenizerError({ path, value, expected: 'an array' })
}

export function asString(value: unknown, path: string): string {
  if (typeof value === 'string') return value
  throw new UnsupportedTokenizerError({ path, value, expected: 'a string' })
}

/** A boolean; absent means `fallback`. */
export function asBoolean(value: unknown, path: string, fallback: boolean): boolean {
  if (value === undefined || value === null) return fallback
  if (typeof value === 'boolean') return value
  throw new UnsupportedTokenizerError({ path, value, expected: 'true or false' })
}

/** Largest id that is accepted: it bounds the tables that a file can make us allocate. */
const MAX_ID = 0x3f_ffff

/** What an id must be, for messages. */
export const ID_RANGE: string = `a token id in 0 .. ${MAX_ID}`

export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_ID
}

export function asId(value: unknown, path: string): number {
  if (isId(value)) return value
  throw new UnsupportedTokenizerError({ path, value, expected: ID_RANGE })
}

/** One of the given strings. */
export function asOneOf<T extends string>(value: unknown, path: string, options: readonly T[]): T {
  const found = options.find((option) => option === value)
  if (found !== undefined) return found
  throw new UnsupportedTokenizerError({ path, value, expected: `one of ${options.join(', ')}` })
}
