/** Writing an answer to a terminal: thinking apart from text, tool calls as lines. */
import { styleText } from 'node:util'
import type { ChatEvent } from 'octoscale'

export interface Output {
  write(text: string): unknown
}

/** `styleText` leaves colours out where the stream is no terminal or NO_COLOR is set. */
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout })
export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout })

/** Shows the events of one answer as they come. Model output is cleaned of control characters first. */
export function createPrinter(output: Output): (event: ChatEvent) => void {
  let section: 'none' | 'thinking' | 'text' = 'none'
  const enter = (next: typeof section): void => {
    if (section === next) return
    if (section !== 'none') output.write('\n')
    if (next === 'thinking') output.write(dim('thinking: '))
    section = next
  }
  return (event) => {
    if (event.type === 'thinking-delta') {
      enter('thinking')
      output.write(dim(printable(event.text)))
    } else if (event.type === 'text-delta') {
      enter('text')
      output.write(printable(event.text))
    } else if (event.type === 'tool-call') {
      enter('none')
      output.write(`${dim('calls')} ${bold(printable(event.name))} ${printable(event.arguments)}\n`)
    } else if (event.type === 'finish') {
      enter('none')
      if (event.result.finishReason === 'length') output.write(dim('(cut: the token limit is reached)\n'))
    }
  }
}

/** Without control characters but newline and tab: a model's text must not steer the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed.
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}

/** For example `9.1 M` or `512`. */
export function quantity(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toFixed(1)} G`
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} M`
  if (value >= 1e4) return `${(value / 1e3).toFixed(1)} k`
  return String(value)
}
