/** Line ends that a template writes around its markers are no content: those behind a marker and before the next one. */
export class FramedText {
  /** Whether line ends at the beginning of the next text are dropped. */
  skip: boolean
  #held = ''

  constructor(skip: boolean) {
    this.skip = skip
  }

  /** Takes text. @returns what is content for certain: without the line ends at its end, which are held */
  take(text: string): string {
    const content = this.skip ? text.replace(/^\n+/, '') : text
    if (content === '') return ''
    this.skip = false
    const trimmed = withoutLineEnds(content)
    const before = trimmed === '' ? '' : this.flush()
    this.#held += content.slice(trimmed.length)
    return before + trimmed
  }

  /** The held line ends, which are content after all. */
  flush(): string {
    const held = this.#held
    this.#held = ''
    return held
  }

  /** Drops the held line ends: a marker follows. `skip`: and those behind it. */
  frame(skip: boolean): void {
    this.#held = ''
    this.skip = skip
  }
}

/** The text without the line ends at its end; a pattern would take quadratic time for them. */
function withoutLineEnds(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0x0a) end--
  return text.slice(0, end)
}
