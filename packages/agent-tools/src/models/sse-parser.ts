/**
 * Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), from bytes as they come. Lines
 * may end in LF, CRLF or CR; comments, ids and retry times are dropped. Unlike a browser it also gives the last event of
 * a stream that ends without an empty line: servers do that.
 */
import { ModelError } from '../errors.ts'

export interface ServerSentEvent {
  /** `message` if the server names none. */
  readonly event: string
  /** The `data` lines, joined with newlines. */
  readonly data: string
}

/** Characters of one event. The server is untrusted: a line that never ends must not fill the memory. */
const maxEventCharacters = 4_194_304

export class SseParser {
  readonly #decoder = new TextDecoder()
  #rest = ''
  #afterReturn = false
  #event = ''
  #data: string[] = []
  #size = 0
  #ready: ServerSentEvent[] = []

  /**
   * The events that are complete with these bytes.
   *
   * @throws ModelError if an event is too large
   */
  push(bytes: Uint8Array): readonly ServerSentEvent[] {
    this.#take(this.#decoder.decode(bytes, { stream: true }))
    return this.#flush()
  }

  /** The stream has ended: the event that was still open, if there is one. */
  finish(): readonly ServerSentEvent[] {
    this.#take(this.#decoder.decode())
    if (this.#rest !== '') this.#line(this.#rest)
    this.#rest = ''
    this.#dispatch()
    return this.#flush()
  }

  #flush(): readonly ServerSentEvent[] {
    const ready = this.#ready
    this.#ready = []
    return ready
  }

  #take(text: string): void {
    let start = 0
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const skip = this.#afterReturn && code === 10
      this.#afterReturn = code === 13
      if (skip) start = at + 1
      else if (code === 10 || code === 13) {
        this.#line(this.#rest + text.slice(start, at))
        this.#rest = ''
        start = at + 1
      }
    }
    this.#rest += text.slice(start)
    this.#limit(this.#rest.length)
  }

  #line(line: string): void {
    if (line === '') {
      this.#dispatch()
      return
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#event = value
    if (field !== 'data') return
    this.#data.push(value)
    this.#size += value.length + 1
    this.#limit(0)
  }

  #dispatch(): void {
    const [event, data] = [this.#event || 'message', this.#data]
    this.#event = ''
    this.#data = []
    this.#size = 0
    if (data.length > 0) this.#ready.push({ event, data: data.join('\n') })
  }

  #limit(more: number): void {
    if (this.#size + more <= maxEventCharacters) return
    const problem = `the server sent an event of more than ${maxEventCharacters} characters`
    throw new ModelError({ kind: 'protocol', problem })
  }
}
