/** Lines without their ends (`\n`, `\r\n` or `\r`); an end after the last line begins no further one. */
export function splitLines(text: string): string[] {
  const lines = text.split(/\r\n|\r|\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}
