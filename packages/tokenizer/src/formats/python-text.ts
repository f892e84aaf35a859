/** Strings as Python treats them, in which the templates think. */

/** `str.isspace()`: JavaScript's white space without U+FEFF, with the separators U+001C to U+001F and U+0085. */
const SPACE =
  '[\\t-\\r\\u001c-\\u001f \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const BEFORE = new RegExp(`^${SPACE}+`)
const ONE = new RegExp(SPACE)

/** `text.strip()`. */
export function strip(text: string): string {
  const begun = text.replace(BEFORE, '')
  let end = begun.length
  while (end > 0 && ONE.test(begun[end - 1] ?? '')) end--
  return begun.slice(0, end)
}

/** `text.lstrip('\n')`. */
export function withoutLeadingLines(text: string): string {
  let start = 0
  while (text[start] === '\n') start++
  return text.slice(start)
}

/** `text.rstrip('\n')`. */
export function withoutTrailingLines(text: string): string {
  let end = text.length
  while (text[end - 1] === '\n') end--
  return text.slice(0, end)
}
