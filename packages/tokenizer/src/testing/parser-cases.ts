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

function read(name: string): { header: Header; cases: readonly ParserCase[] } {
  const text = readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8')
  const [header = '', ...lines] = text.trimEnd().split('\n')
  return { header: JSON.parse(header), cases: lines.map((line) => JSON.parse(line)) }
}

/** Both files: the second one continues the first with other formats. */
export const parserCaseFiles: readonly { header: Header; cases: readonly ParserCase[] }[] = [
  read('parser-cases.jsonl'),
  read('parser-cases-more.jsonl'),
]
export const parserCases: readonly ParserCase[] = parserCaseFiles.flatMap(({ cases }) => cases)

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
