/**
 * Cuts streamed text at the first of several stop strings, which may straddle pieces. Text is given out as
 * soon as it can no longer be the beginning of a stop string; a stop string itself is never given out.
 */
export interface StopFilter {
  /** Text that is safe to show, and whether a stop string was met (then push nothing more). */
  push(text: string): { readonly text: string; readonly stopped: boolean }
  /** What was held back, once no more text comes. */
  finish(): string
}

export function createStopFilter(stops: readonly string[]): StopFilter {
  let held = ''
  return {
    push(text) {
      held += text
      let end = -1
      for (const stop of stops) {
        const at = held.indexOf(stop)
        if (at >= 0 && (end < 0 || at < end)) end = at
      }
      if (end >= 0) {
        const before = held.slice(0, end)
        held = ''
        return { text: before, stopped: true }
      }
      const keep = longestOpenEnd(held, stops)
      const out = held.slice(0, held.length - keep)
      held = held.slice(held.length - keep)
      return { text: out, stopped: false }
    },
    finish() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** Length of the longest end of `text` that begins one of `stops`. */
function longestOpenEnd(text: string, stops: readonly string[]): number {
  let longest = 0
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length
    }
  }
  return longest
}
