/** Collects the pieces of a prompt: markers one by one, neighbouring plain texts joined into one. */
import type { ChatSegment } from './types.ts'

export class SegmentWriter {
  readonly segments: ChatSegment[] = []
  #pending = ''

  /** Appends plain text. Joined with its neighbours, because a tokenizer may merge across the joint. */
  plain(text: string): void {
    this.#pending += text
  }

  /** Appends a control token. */
  control(marker: string): void {
    this.#flush()
    this.segments.push({ text: marker, control: true })
  }

  /** All segments; call it once, at the end. */
  finish(): ChatSegment[] {
    this.#flush()
    return this.segments
  }

  #flush(): void {
    if (this.#pending !== '') this.segments.push({ text: this.#pending, control: false })
    this.#pending = ''
  }
}
