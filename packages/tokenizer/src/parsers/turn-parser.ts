/** What all parsers of model output share: pieces in, markers found, events out, one message at the end. */
import { MarkerScanner } from '../chat/marker-scanner.ts'
import type { ChatEvent, ChatParser, ChatParserOptions } from '../chat/parser-types.ts'
import type { ChatSegment } from '../chat/types.ts'
import { EventWriter } from './event-writer.ts'

/** Splits the output into its markers and the text between them; a format says what they mean. */
export abstract class TurnParser implements ChatParser {
  protected readonly out: EventWriter
  readonly #markers: readonly string[]
  readonly #scanner: MarkerScanner
  #finished = false

  /** @param markers control tokens that mean something in the output; they begin with `<` and contain no other `<` */
  constructor(markers: readonly string[], options: ChatParserOptions) {
    this.out = new EventWriter(options.createId)
    this.#markers = markers
    this.#scanner = new MarkerScanner(markers)
  }

  push(piece: string | ChatSegment): ChatEvent[] {
    if (this.#finished) return []
    if (typeof piece === 'string') {
      for (const segment of this.#scanner.push(piece)) this.#take(segment)
    } else {
      this.#takeText(this.#scanner.flush())
      this.#take(piece)
    }
    return this.out.take()
  }

  finish(): ChatEvent[] {
    if (this.#finished) return []
    this.#takeText(this.#scanner.flush())
    this.#finished = true
    this.onEnd()
    this.out.message()
    return this.out.take()
  }

  /** Text between markers, never empty; a control token that is no marker of the format is text, too. */
  protected abstract onText(text: string): void
  protected abstract onMarker(marker: string): void
  /** The end of the output: what is held or open must come out. */
  protected abstract onEnd(): void

  #take({ text, control }: ChatSegment): void {
    if (control && this.#markers.includes(text)) this.onMarker(text)
    else this.#takeText(text)
  }

  #takeText(text: string): void {
    if (text !== '') this.onText(text)
  }
}
