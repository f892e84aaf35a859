/** A part of a text that fits what a model can take in. */

export interface LineWindow {
  /** Lines, counted from 1. */
  readonly from: number
  readonly count: number
}

export interface WindowLimits {
  readonly maxLines: number
  readonly maxCharacters: number
  readonly lineNumbers: boolean
}

/**
 * The lines of a window, cut to the limits. Says in a last line in brackets where to go on, if anything follows; a text
 * that is shown whole is passed on without additions.
 */
export function showLines(lines: readonly string[], window: LineWindow, limits: WindowLimits): string {
  const first = Math.max(1, window.from)
  const last = Math.min(lines.length, first - 1 + Math.min(window.count, limits.maxLines))
  const shown: string[] = []
  let characters = 0
  let cut = false
  for (let number = first; number <= last && !cut; number++) {
    const line = `${limits.lineNumbers ? `${number}: ` : ''}${lines[number - 1] ?? ''}`
    const room = limits.maxCharacters - characters
    // A line that does not fit waits for the next window, unless it would not fit there either.
    if (line.length > room && shown.length > 0) break
    cut = line.length > room
    shown.push(cut ? line.slice(0, room).toWellFormed() : line)
    characters += line.length + 1
  }
  const end = first - 1 + shown.length
  if (cut) shown.push(`[line ${end} is longer than ${limits.maxCharacters} characters and was cut]`)
  const isWhole = first === 1 && end >= lines.length
  if (!isWhole) {
    const next = end < lines.length ? `; the next begins at from_line ${end + 1}` : ''
    shown.push(`[lines ${first} to ${end} of ${lines.length}${next}]`)
  }
  return shown.join('\n')
}
