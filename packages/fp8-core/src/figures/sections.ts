/** Parts of a document that a command writes, between two comments that Markdown does not show. */
import { ArgumentError } from '../errors.ts'

const opening = (name: string): RegExp => new RegExp(`^<!-- begin ${name}\\b.*-->$`, 'm')

/** The text with the part `name` replaced. @throws {ArgumentError} if the text has not both of its comments. */
export function replaceSection(markdown: string, name: string, content: string): string {
  const begin = opening(name).exec(markdown)
  const end = markdown.indexOf(`<!-- end ${name} -->`, begin?.index)
  if (begin === null || end < 0) {
    throw new ArgumentError({
      op: 'replaceSection',
      argument: 'markdown',
      expected: `<!-- begin ${name} --> and <!-- end ${name} -->`,
      got: begin === null ? 'no beginning' : 'no end',
    })
  }
  const from = begin.index + begin[0].length
  return `${markdown.slice(0, from)}\n\n${content}\n\n${markdown.slice(end)}`
}
