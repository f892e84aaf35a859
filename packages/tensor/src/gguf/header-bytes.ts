/** The first bytes of a GGUF file as its header is parsed: every length is checked before it is believed. */
import { FormatError } from '../errors.ts'

/** Parsing needs the file's bytes up to `end`, which are not here yet. Never seen outside `header.ts`. */
export class MoreBytesNeeded extends Error {
  override readonly name = 'MoreBytesNeeded'
  readonly end: number
  constructor(end: number) {
    super(`bytes up to ${end} are needed`)
    this.end = end
  }
}

/** The file that a header is read from. */
export interface HeaderLimits {
  readonly file: string
  readonly fileBytes: number
  readonly maxHeaderBytes: number
}

/**
 * A place in the header. Its methods read what stands there and move on; they throw `FormatError` for what cannot be
 * right, and `MoreBytesNeeded` where a header that may be right goes on.
 */
export class HeaderBytes {
  position = 0
  readonly file: string
  readonly bytes: Uint8Array
  readonly view: DataView
  /** No header reaches farther. */
  readonly #end: number
  readonly #limits: HeaderLimits
  // A byte order mark is part of a string: there are tokens that are one.
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

  constructor(bytes: Uint8Array, limits: HeaderLimits) {
    this.file = limits.file
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#end = Math.min(limits.fileBytes, limits.maxHeaderBytes)
    this.#limits = limits
  }

  refuse(problem: string, tensor?: string, cause?: unknown): FormatError {
    return new FormatError({ file: this.file, tensor, problem, cause })
  }

  /** Where the next `count` bytes start; they are here, and behind them when this returns. */
  take(count: number, what: string): number {
    const start = this.position
    const end = start + count
    if (end > this.bytes.byteLength) {
      if (end <= this.#end) throw new MoreBytesNeeded(end)
      throw this.#beyond(`${what}: ${count} bytes`)
    }
    this.position = end
    return start
  }

  u32(what: string): number {
    return this.view.getUint32(this.take(4, what), true)
  }

  u64(what: string): bigint {
    return this.view.getBigUint64(this.take(8, what), true)
  }

  /** A u64 that says how many things of at least `leastBytes` each follow: refused if a header has no room for them. */
  count(what: string, leastBytes: number, most: number = Number.POSITIVE_INFINITY): number {
    const count = this.u64(what)
    const end = this.position + Number(count) * leastBytes
    if (end <= this.#end && count <= most) return Number(count)
    if (end <= this.#end) throw this.refuse(`${what}: ${count} claimed, at most ${most} are read`)
    throw this.#beyond(`${what}: ${count} claimed, at least ${count * BigInt(leastBytes)} bytes`)
  }

  /** `length u64 | UTF-8 bytes`. */
  string(what: string): string {
    const length = this.count(what, 1)
    const start = this.take(length, what)
    try {
      return this.#decoder.decode(this.bytes.subarray(start, this.position))
    } catch (cause) {
      throw this.refuse(`${what}, ${length} bytes at ${start}, is not valid UTF-8`, undefined, cause)
    }
  }

  /**
   * `count` strings, one after the other. All are decoded in one call: a vocabulary has hundreds of thousands, and a
   * call for each costs four times as much.
   */
  strings(count: number, what: string): string[] {
    const first = this.position
    for (let i = 0; i < count; i++) this.take(this.count(what, 1), what)
    const joined = new Uint8Array(this.position - first - 8 * count)
    const units: number[] = []
    let filled = 0
    let whole = true
    for (let i = 0, at = first; i < count; i++) {
      const start = at + 8
      at = start + this.view.getUint32(start - 8, true)
      // Where no string begins inside a sequence, all are valid if their sum is.
      if (at > start && isContinuation(this.bytes[start]!)) whole = false
      let length = 0
      for (let k = start; k < at; k++) {
        const byte = this.bytes[k]!
        joined[filled++] = byte
        // Sequences of four bytes are two units of UTF-16.
        if (!isContinuation(byte)) length += byte >= 0xf0 ? 2 : 1
      }
      units.push(length)
    }
    const text = whole ? this.#decodeAll(joined) : undefined
    if (text === undefined) {
      // One of these throws, and says where.
      this.position = first
      return units.map(() => this.string(what))
    }
    let end = 0
    return units.map((length) => {
      end += length
      return text.slice(end - length, end)
    })
  }

  #decodeAll(bytes: Uint8Array): string | undefined {
    try {
      return this.#decoder.decode(bytes)
    } catch {
      return undefined
    }
  }

  #beyond(claim: string): FormatError {
    const { fileBytes, maxHeaderBytes } = this.#limits
    const limit =
      fileBytes <= maxHeaderBytes
        ? `the file ends at byte ${fileBytes}: truncated?`
        : `maxHeaderBytes is ${maxHeaderBytes}`
    return this.refuse(`${claim} from byte ${this.position} on, ${limit}`)
  }
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80
}
