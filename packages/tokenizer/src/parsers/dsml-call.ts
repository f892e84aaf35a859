/** One call of DSML while its text arrives, and its parameters as one JSON object. */
import { areArguments } from './call-reader.ts'
import { isDsmlName } from './dsml-name.ts'
import type { EventWriter } from './event-writer.ts'

const AS_TEXT = '" string="true">'
const AS_JSON = '" string="false">'

export class DsmlCall {
  /** All text since the opening tag, with it. */
  raw: string
  #stage: 'name' | 'parameters' | 'key' | 'value' | 'broken' = 'name'
  #head = ''
  #asText = false
  #arguments = ''
  readonly #keys = new Set<string>()

  constructor(raw = '') {
    this.raw = raw
  }

  /** Only the closing tag of the parameter counts here. */
  get inValue(): boolean {
    return this.#stage === 'value'
  }

  text(text: string, out: EventWriter): void {
    this.raw += text
    let rest = text
    while (rest !== '') {
      if (this.#stage === 'value') {
        this.#write(this.#asText ? escaped(rest) : rest, out)
        return
      }
      if (this.#stage === 'broken') return
      if (this.#stage === 'parameters') {
        if (rest.trim() !== '') this.#stage = 'broken'
        return
      }
      const at = rest.indexOf('>')
      this.#head += at < 0 ? rest : rest.slice(0, at + 1)
      if (at < 0) return
      rest = rest.slice(at + 1)
      if (this.#stage === 'name') this.#name(out)
      else this.#key(out)
    }
  }

  /** The opening or closing tag of a parameter. */
  tag(tag: string, opens: boolean, out: EventWriter): void {
    this.raw += tag
    if (opens && this.#stage === 'parameters') {
      this.#stage = 'key'
      this.#head = ''
    } else if (!opens && this.#stage === 'value') {
      if (this.#asText) this.#write('"', out)
      this.#stage = 'parameters'
    } else if (opens || this.#stage !== 'parameters') {
      this.#stage = 'broken'
    }
  }

  /** The end of the call. @returns whether it is one */
  end(out: EventWriter, reason: 'not-json' | 'truncated'): boolean {
    if (!out.inCall || this.#stage !== 'parameters') return false
    if (this.#arguments !== '') this.#write('}', out)
    return areArguments(this.#arguments, reason)
  }

  #name(out: EventWriter): void {
    const name = this.#head.slice(0, -2)
    this.#stage = this.#head.endsWith('">') && isDsmlName(name) ? 'parameters' : 'broken'
    if (this.#stage === 'parameters') out.startCall(name)
  }

  #key(out: EventWriter): void {
    this.#asText = this.#head.endsWith(AS_TEXT)
    // A `>` may be part of the key.
    if (!this.#asText && !this.#head.endsWith(AS_JSON)) return
    const key = this.#head.slice(0, this.#asText ? -AS_TEXT.length : -AS_JSON.length)
    this.#stage = this.#keys.has(key) ? 'broken' : 'value'
    if (this.#stage === 'broken') return
    this.#keys.add(key)
    this.#write(`${this.#arguments === '' ? '{' : ', '}"${escaped(key)}": ${this.#asText ? '"' : ''}`, out)
  }

  #write(text: string, out: EventWriter): void {
    this.#arguments += text
    out.arguments(text)
  }
}

/** The inside of a JSON string, character by character: halves of a pair stay as they are. */
function escaped(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what JSON demands
  return text.replace(/["\\\u0000-\u001f]/g, (unit) => JSON.stringify(unit).slice(1, -1))
}
