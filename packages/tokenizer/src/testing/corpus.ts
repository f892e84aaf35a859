/** The corpus of the large vocabularies: what tooling/fixtures/tokenizer/corpus.py makes, step by step. Tests only. */
import { createHash } from 'node:crypto'

/** golden/corpus-data.json.gz */
export interface CorpusData {
  readonly seed: number
  readonly count: number
  /** Flat lists of first and last code points. */
  readonly scripts: readonly (readonly number[])[]
  readonly symbols: readonly (readonly number[])[]
  readonly texts: readonly (readonly string[])[]
  readonly combining: readonly string[]
  readonly added: readonly string[]
  readonly long: readonly (readonly [unit: string, times: number])[]
  readonly megabyte: number
}

/** xorshift32 */
export class Numbers {
  #state: number

  constructor(seed: number) {
    this.#state = seed
  }

  below(n: number): number {
    let x = this.#state
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
    this.#state = x >>> 0
    return this.#state % n
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }

  /** 1 up to `most` texts in a row. */
  some(most: number, make: () => string): string {
    return Array.from({ length: 1 + this.below(most) }, make).join('')
  }
}

function character(numbers: Numbers, ranges: readonly number[]): string {
  const at = 2 * numbers.below(ranges.length / 2)
  return String.fromCodePoint(ranges[at]! + numbers.below(ranges[at + 1]! - ranges[at]! + 1))
}

function part(numbers: Numbers, data: CorpusData): string {
  const kind = numbers.below(14)
  if (kind <= 2) {
    const script = numbers.pick(data.scripts)
    return numbers.some(9, () => character(numbers, script))
  }
  if (kind <= 8) return numbers.pick(data.texts[kind - 3]!)
  if (kind === 9) return numbers.some(24, () => String(numbers.below(10)))
  if (kind === 10) return numbers.some(5, () => character(numbers, numbers.pick(data.symbols)))
  if (kind === 11) {
    const first = character(numbers, numbers.pick(data.scripts))
    return first + numbers.some(3, () => numbers.pick(data.combining))
  }
  if (kind === 12 && numbers.below(8) === 0) return String.fromCharCode(0xd800 + numbers.below(0x800))
  const token = numbers.pick(data.added)
  return numbers.below(4) > 0 ? token : token.slice(0, 1 + numbers.below(token.length))
}

function joined(numbers: Numbers, data: CorpusData, parts: number): string {
  const joint = numbers.pick(['', ' ', '', '\n'])
  return Array.from({ length: parts }, () => part(numbers, data)).join(joint)
}

/** The texts; some have lone surrogates. */
export function makeCorpus(data: CorpusData): string[] {
  const numbers = new Numbers(data.seed)
  const texts = ['', ...data.texts.flat(), ...data.combining, ...data.added]
  for (const [unit, times] of data.long) texts.push(unit.repeat(times))
  let megabyte = ''
  while (megabyte.length < data.megabyte) megabyte += part(numbers, data)
  texts.push(megabyte)
  while (texts.length < data.count) texts.push(joined(numbers, data, 1 + numbers.below(8)))
  return texts
}

export function corpusHash(texts: readonly string[]): string {
  const digest = createHash('sha256')
  const length = Buffer.alloc(4)
  for (const text of texts) {
    const units = Buffer.from(text, 'utf16le')
    length.writeUInt32LE(units.length)
    digest.update(length).update(units)
  }
  return digest.digest('hex')
}
