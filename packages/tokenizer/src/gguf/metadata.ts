/** Typed reading of the key-value pairs of a GGUF file, which are untrusted. */
import { GgufVocabularyError } from '../errors.ts'

/** Arrays of numbers as lists or as typed arrays. */
type GgufList = readonly unknown[] | ArrayLike<number | bigint>

/** The key-value pairs of a GGUF file, as `openGguf` of `@octoscale/tensor` gives them, or as a plain object. */
export type GgufMetadata = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>

export class MetadataReader {
  readonly #metadata: GgufMetadata

  constructor(metadata: GgufMetadata) {
    this.#metadata = metadata
  }

  /** Undefined where the file does not have the key. */
  value(key: string): unknown {
    if (this.#metadata instanceof Map) return (this.#metadata as ReadonlyMap<string, unknown>).get(key)
    const record = this.#metadata as Readonly<Record<string, unknown>>
    return Object.hasOwn(record, key) ? record[key] : undefined
  }

  string(key: string): string | undefined {
    return this.#typed(key, 'a string', (value) => typeof value === 'string')
  }

  boolean(key: string): boolean | undefined {
    return this.#typed(key, 'true or false', (value) => typeof value === 'boolean')
  }

  /** An id: an index into a list of `size` tokens. */
  id(key: string, size: number): number | undefined {
    const isIndex = (value: unknown): boolean =>
      Number.isInteger(value) && Number(value) >= 0 && Number(value) < size
    return this.#typed(key, `an id below ${size}`, isIndex)
  }

  strings(key: string): readonly string[] | undefined {
    const isTexts = (value: unknown): boolean =>
      Array.isArray(value) && value.every((item) => typeof item === 'string')
    return this.#typed(key, 'a list of strings', isTexts)
  }

  /** `size` numbers. */
  numbers(key: string, size: number): Float64Array | undefined {
    const isNumbers = (value: unknown): boolean =>
      (Array.isArray(value) || ArrayBuffer.isView(value)) &&
      (value as GgufList).length === size &&
      Array.prototype.every.call(value, (item) => typeof item === 'number' && Number.isFinite(item))
    const list = this.#typed<ArrayLike<number>>(key, `a list of ${size} numbers`, isNumbers)
    return list === undefined ? undefined : Float64Array.from(list)
  }

  #typed<T>(key: string, expected: string, isRight: (value: unknown) => boolean): T | undefined {
    const value = this.value(key)
    if (value === undefined) return undefined
    if (!isRight(value)) throw new GgufVocabularyError({ key, expected, value })
    return value as T
  }
}

/** What must be there. */
export function required<T>(value: T | undefined, key: string, expected: string): T {
  if (value === undefined) throw new GgufVocabularyError({ key, expected, value })
  return value
}
