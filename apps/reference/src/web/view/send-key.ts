/** Enter sends; with Shift it is a new line, and while an input method composes it chooses a word. */
export function isSendKey(event: KeyboardEvent): boolean {
  // Safari ends the composition before it tells of the key, and marks that one with the code 229.
  return event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229
}
