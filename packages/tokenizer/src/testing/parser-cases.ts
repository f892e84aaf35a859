/** Reads parser-cases.jsonl and brings events into the form that stands there. Tests only. */
import { readFileSync } from 'node:fs'
import type { ChatParser } from '../chat/parser.ts'
import type { ChatEvent, ChatParserOptions } from '../chat/parser-types.ts'
import { merged } from './chat-events.ts'

export interface ParserCase {
  readonly format: string
  readonly rule: string
  readonly why: string
  readonly thinking?: boolean
  readonly output: string
  readonly failure?: number
  readonly events: readonly object[]
}

interface Header {
  readonly rules: Readonly<Record<string, string>>
  readonly failures: Readonly<Record<string, string>>
}

const lines = readFileSync(new URL('../golden/parser-cases.jsonl', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')

export const parserCasesHeader: Header = JSON.parse(lines[0] ?? '')
export const parserCases: readonly ParserCase[] = lines.slice(1).map((line) => JSON.parse(line))

/** The events of `pieces` with joined deltas, ids and final message left out. */
export function caseEvents(
  create: (options: ChatParserOptions) => ChatParser,
  thinking: boolean | undefined,
  pieces: readonly string[],
): object[] {
  const parser = create({ thinking, createId: String })
  const events = [...pieces.flatMap((piece) => parser.push(piece)), ...parser.finish()]
  return merged(events)
    .filter((event) => event.type !== 'message')
    .map(withoutId)
}

function withoutId(event: ChatEvent): object {
  if (!('id' in event)) return event
  const { id: _, ...rest } = event
  return rest
}
