/** Code blocks of a Markdown text. */

export interface CodeBlock {
  readonly language: string
  /** What follows the language on the fence: ` ```ts no-run needs a GPU` has `['no-run', 'needs', 'a', 'GPU']`. */
  readonly words: readonly string[]
  readonly code: string
  /** Line of the fence, from 1. */
  readonly line: number
}

/** The fenced blocks in these languages, in order. A fence closes at a line of at least as many backticks. */
export function codeBlocks(markdown: string, languages: readonly string[]): CodeBlock[] {
  const blocks: CodeBlock[] = []
  const lines = markdown.split('\n')
  for (let i = 0; i < lines.length; i += 1) {
    const fence = /^\s*(`{3,})\s*([\w-]*)\s*([^`]*)$/.exec(lines[i] ?? '')
    if (fence === null) continue
    const [, ticks = '```', language = '', rest = ''] = fence
    const start = i
    const closing = new RegExp(`^\\s*\`{${ticks.length},}\\s*$`)
    const code: string[] = []
    for (i += 1; i < lines.length && !closing.test(lines[i] ?? ''); i += 1) code.push(lines[i] ?? '')
    if (!languages.includes(language)) continue
    const words = rest
      .trim()
      .split(/\s+/)
      .filter((word) => word !== '')
    blocks.push({ language, words, code: `${code.join('\n')}\n`, line: start + 1 })
  }
  return blocks
}

/** Targets of links to files, without their `#anchor`; what stands in code is no link. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^(\s*`{3,})[\s\S]*?^\s*`{3,}\s*$/gm, '').replace(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
    .filter((link) => link !== '' && !/^[a-z]+:/i.test(link))
}
