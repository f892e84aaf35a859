/** Cuts a stream of text into markers and the text between them. */
import { MARKERS } from './markers.ts'
import type { ChatSegment } from './types.ts'

const ALL_MARKERS: readonly string[] = Object.values(MARKERS)

/**
 * Recognises markers wherever the pieces are cut. It holds back only an end that could still become a marker, which is at
 * most one character less than the longest marker. Every marker begins with `<` and contains no other `<`, so a marker never
 * begins inside another.
 */
export class MarkerScanner {
  readonly #markers: readonly string[]
  #held = ''

  /** @param markers by default those of DeepSeek-V3.1 */
  constructor(markers: readonly string[] = ALL_MARKERS) {
    this.#markers = markers
  }

  push(text: string): ChatSegment[] {
    const buffer = this.#held + text
    this.#held = ''
    const segments: ChatSegment[] = []
    let textStart = 0
    for (let at = buffer.indexOf('<'); at >= 0; at = buffer.indexOf('<', at + 1)) {
      const marker = this.#markers.find((candidate) => buffer.startsWith(candidate, at))
      if (marker !== undefined) {
        if (at > textStart) segments.push({ text: buffer.slice(textStart, at), control: false })
        segments.push({ text: marker, control: true })
        textStart = at + marker.length
      } else if (couldBecomeMarker(this.#markers, buffer, at)) {
        this.#held = buffer.slice(at)
        break
      }
    }
    const end = buffer.length - this.#held.length
    if (end > textStart) segments.push({ text: buffer.slice(textStart, end), control: false })
    return segments
  }

  /** The text that was held back. */
  flush(): string {
    const held = this.#held
    this.#held = ''
    return held
  }
}

function couldBecomeMarker(markers: readonly string[], buffer: string, at: number): boolean {
  const length = buffer.length - at
  return markers.some((marker) => marker.length > length && buffer.endsWith(marker.slice(0, length)))
}
