/** What of a text is fenced code, which takes no parsing, and whether the rest is little enough to parse. */

export type TextPart =
  | { readonly kind: 'prose'; readonly source: string }
  | { readonly kind: 'code'; readonly source: string; readonly language: string; readonly code: string }

/** A fence at the beginning of a line; of backticks, none may follow. Indented ones belong to lists: they stay prose. */
const opening = /^(`{3,}(?=[^`]*$)|~{3,})(.*)$/
const closing = /^ {0,3}(`{3,}|~{3,})[ \t]*$/

/**
 * Cuts fenced code out of a text with `\n` as line ends. The parser is given the prose only: if it decided itself what is
 * code, a text could be one thing to it and another to `isTooMuch`. A fence that is not closed goes to the end.
 */
export function splitFences(text: string): TextPart[] {
  const parts: TextPart[] = []
  const lines = text.split(/(?<=\n)/)
  let prose = ''
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    const [, fence, info] = opening.exec(withoutEnd(line)) ?? []
    if (fence === undefined) {
      prose += line
      continue
    }
    if (prose !== '') parts.push({ kind: 'prose', source: prose })
    prose = ''
    const begin = at + 1
    do at++
    while (at < lines.length && !closes(lines[at] ?? '', fence))
    const code = withoutEnd(lines.slice(begin, at).join(''))
    const language = info?.trim().split(/\s/, 1)[0] ?? ''
    parts.push({ kind: 'code', source: lines.slice(begin - 1, at + 1).join(''), language, code })
  }
  if (prose !== '') parts.push({ kind: 'prose', source: prose })
  return parts
}

/** Whether a line is a fence of the same sort, at least as long. */
function closes(line: string, fence: string): boolean {
  return closing.exec(withoutEnd(line))?.[1]?.startsWith(fence) ?? false
}

const withoutEnd = (text: string): string => text.replace(/\n$/, '')

/** A paragraph takes the parser quadratic time: 5,000 characters up to 300 ms, 80,000 more than a minute. */
const longestParagraph = 5000
/** The sum over all paragraphs of their lengths squared: four of the longest. */
const mostWork = 4 * longestParagraph ** 2

/** Whether prose would keep the page busy for more than about a second. */
export function isTooMuch(prose: string): boolean {
  let work = 0
  // Spaces only: a line with a tab does not end a paragraph for the parser.
  for (const { length } of prose.split(/\n *\n/)) {
    work += length ** 2
    if (length > longestParagraph || work > mostWork) return true
  }
  return false
}
