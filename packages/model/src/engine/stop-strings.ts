/**
 * Cuts streamed text at the first of several stop strings, which may straddle pieces. Text is given out as
 * soon as it can no longer be the beginning of a stop string; a stop string itself is never given out.
 */
export interface StopFilter {
  /** Text that is safe to show, and the stop string that was met (then push nothing more). */
  push(text: string): { readonly text: string; readonly stop: string | undefined }
  /** What was held back, once no more text comes. */
  finish(): string
}

/** `stops`: non-empty texts. */
export function createStopFilter(stops: readonly string[]): StopFilter {
  let held = ''
  return {
    push(text) {
      held += text
      const met = firstOf(held, stops)
      const end = met?.at ?? held.length - longestOpenEnd(held, stops)
      const safe = held.slice(0, end)
      held = met === undefined ? held.slice(end) : ''
      return { text: safe, stop: met?.stop }
    },
    finish() {
      const rest = held
      held = ''
      return rest
    },
  }
}

/** The stop string that begins first; of those that begin together, the one given first. */
function firstOf(text: string, stops: readonly string[]): { at: number; stop: string } | undefined {
  let first: { at: number; stop: string } | undefined
  for (const stop of stops) {
    const at = text.indexOf(stop)
    if (at >= 0 && (first === undefined || at < first.at)) first = { at, stop }
  }
  return first
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
