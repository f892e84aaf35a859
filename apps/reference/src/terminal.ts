/** Writing an answer to a terminal: thinking apart from text, tool calls as lines. */
import { styleText } from 'node:util'
import type { AgentEvent, AgentFinishReason } from '@octoscale/agent-tools'

export interface Output {
  write(text: string): unknown
}

/** `styleText` leaves colours out where the stream is no terminal or NO_COLOR is set. */
export const dim = (text: string): string => styleText('dim', text, { stream: process.stdout })
export const bold = (text: string): string => styleText('bold', text, { stream: process.stdout })

/** Shows the events of a run as they come. What models and tools say is cleaned of control characters first. */
export function createPrinter(output: Output): (event: AgentEvent) => void {
  let section: 'none' | 'thinking' | 'text' = 'none'
  const enter = (next: typeof section): void => {
    if (section === next) return
    if (section !== 'none') output.write('\n')
    if (next === 'thinking') output.write(dim('thinking: '))
    section = next
  }
  const line = (text: string): void => {
    enter('none')
    output.write(`${text}\n`)
  }
  return (event) => {
    if (event.type === 'thinking' || event.type === 'text') {
      enter(event.type)
      const text = printable(event.text)
      output.write(event.type === 'thinking' ? dim(text) : text)
    } else if (event.type === 'tool-call') {
      const { name, arguments: given } = event.call
      line(`${dim('calls')} ${bold(printable(name))} ${printable(given)}`)
    } else if (event.type === 'tool-result') {
      const { call, content, isError } = event.result
      line(`${dim(`${printable(call.name)} ${isError ? 'fails:' : 'gives'}`)} ${printable(content)}`)
    } else if (event.type === 'finish') {
      enter('none')
      const why = cutShort[event.result.reason]
      if (why !== undefined) line(dim(`(${why})`))
    }
  }
}

const cutShort: Readonly<Partial<Record<AgentFinishReason, string>>> = {
  length: 'cut: the token limit is reached',
  steps: 'cut: too many rounds of tool calls',
  time: 'cut: the time is up',
  aborted: 'stopped',
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
