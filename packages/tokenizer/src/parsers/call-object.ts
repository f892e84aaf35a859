/**
 * Reads `{"name": "f", "arguments": {...}}` while it arrives, so that a call is known by its name and its arguments are
 * reported before the object is complete. The keys stand in any order; `parameters` is another name for `arguments`; other
 * keys are passed over; of a key that stands twice the first counts.
 */
const ARGUMENT_KEYS: readonly string[] = ['arguments', 'parameters']
const CALL_KEYS: readonly string[] = ['name', 'type', 'id', ...ARGUMENT_KEYS]

export class CallObject {
  /** All text taken. */
  raw = ''
  /** The value of `name` once it is complete, if it is a string. */
  name: string | undefined
  /** The first character of the value of `arguments`. */
  argumentsBegin: string | undefined
  /** A key was read that calls do not have. */
  foreign = false
  /** The closing brace has been taken. */
  closed = false
  #depth = 0
  #inString = false
  #escaped = false
  #reading = false
  #afterColon = false
  #key: string | undefined
  #token = ''
  #argumentsKey: string | undefined
  #arguments = ''
  #argumentsDone = false

  /** Whether the text ends inside a JSON string: markers there are part of the string. */
  get inString(): boolean {
    return this.#inString
  }

  /** Takes text up to the closing brace, which is at depth 0 outside of strings. @returns how much it took */
  push(text: string): number {
    let taken = 0
    while (taken < text.length && !this.closed) this.#step(text[taken++] ?? '')
    this.raw += text.slice(0, taken)
    return taken
  }

  /** Arguments that have arrived since the last time: JSON text as written. */
  takeArguments(): string {
    // A string may hold the object as JSON text: that shows when it is complete.
    if (this.argumentsBegin === '"' && !this.#argumentsDone) return ''
    const text = this.#arguments
    this.#arguments = ''
    return text
  }

  #step(character: string): void {
    if (this.#inString) {
      this.#stepInString(character)
      return
    }
    if (this.#depth === 1 && this.#reading && /[\s,}]/.test(character)) this.#endToken()
    const atTop = this.#depth === 1 && !this.#reading
    if (atTop && character === ':') this.#afterColon = true
    else if (atTop && character === ',') this.#afterColon = false
    else if (atTop && !/[\s}\]]/.test(character)) this.#beginToken(character)
    this.#collect(character)
    if (character === '"') this.#inString = true
    else if (character === '{' || character === '[') this.#depth++
    else if (character === '}' || character === ']') {
      this.#depth--
      if (this.#depth === 0) this.closed = true
      else if (this.#depth === 1) this.#endToken()
    }
  }

  #stepInString(character: string): void {
    this.#collect(character)
    if (this.#escaped) this.#escaped = false
    else if (character === '\\') this.#escaped = true
    else if (character === '"') {
      this.#inString = false
      if (this.#depth === 1) this.#endToken()
    }
  }

  #beginToken(character: string): void {
    this.#reading = true
    this.#token = ''
    if (!this.#afterColon) this.#key = undefined
    else if (this.#argumentsKey === undefined && ARGUMENT_KEYS.includes(this.#key ?? '')) {
      this.#argumentsKey = this.#key
      this.argumentsBegin = character
    }
  }

  #collect(character: string): void {
    if (!this.#reading) return
    if (this.#readsArguments()) this.#arguments += character
    else if (!this.#afterColon || this.#key === 'name') this.#token += character
  }

  #readsArguments(): boolean {
    return (
      this.#afterColon && this.#key !== undefined && this.#key === this.#argumentsKey && !this.#argumentsDone
    )
  }

  #endToken(): void {
    if (!this.#reading) return
    this.#reading = false
    if (this.#readsArguments()) {
      this.#argumentsDone = true
      if (this.argumentsBegin === '"') this.#arguments = unwrapped(this.#arguments)
    } else if (!this.#afterColon) {
      const key = parsed(this.#token)
      this.#key = typeof key === 'string' ? key : undefined
      if (!CALL_KEYS.includes(this.#key ?? '')) this.foreign = true
    } else if (this.#key === 'name') {
      const name = parsed(this.#token)
      if (typeof name === 'string') this.name ??= name
    }
  }
}

/** The value of JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Arguments that were written as a string with an object in it, encoded twice, are that object. */
function unwrapped(text: string): string {
  const inner = parsed(text)
  if (typeof inner !== 'string') return text
  if (inner.trim() === '') return '{}'
  const value = parsed(inner)
  return typeof value === 'object' && value !== null ? inner : text
}
