/** What a tool returned, as the text that the model sees. */

/** Text as it is, nothing as a note, anything else as JSON. Throws `TypeError` for what JSON cannot hold. */
export function resultText(value: unknown): string {
  if (typeof value === 'string') return value.toWellFormed()
  const text: string | undefined = JSON.stringify(value)
  return text === undefined ? '(no output)' : text
}

/** Keeps `limit` characters at most: the beginning and the end, and between them a note of what is left out. */
export function truncateMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text
  // The note is longest for the longest number, so that what is kept is the same on every count.
  const room = limit - note(text.length).length
  const head = Math.ceil(room / 2)
  const tail = room - head
  const cut = text.length - head - tail
  // A pair of surrogates that is cut in two leaves halves: they become replacement characters.
  return text.slice(0, head).toWellFormed() + note(cut) + text.slice(text.length - tail).toWellFormed()
}

function note(characters: number): string {
  return `\n[... ${characters} characters left out ...]\n`
}
