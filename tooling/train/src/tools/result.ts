import { pythonJson } from '@octoscale/tokenizer'
import { phrase } from '../pools/values.ts'
import type { Context, Json } from '../types.ts'
import { fill, type Request } from './offer.ts'

export interface ToolResult {
  readonly content: string
  readonly answer: string
  /** What the answer must contain. */
  readonly value: string
}

const errors = [
  'file not found',
  'not found',
  'permission denied',
  'timeout',
  'no such file',
  'invalid input',
  'network error',
  'unknown city',
  'access denied',
  'service unavailable',
  'no results',
  'division by zero',
]

const asJson = (value: string): Json =>
  /^-?(0|[1-9]\d{0,9})(\.\d*[1-9])?$/.test(value) ? Number(value) : value

function extraField(context: Context): [string, Json] {
  const { random } = context
  return random.pick<() => [string, Json]>([
    () => ['ok', true],
    () => ['id', random.int(1, 9999)],
    () => ['source', random.pick(context.pools.nouns)],
    () => ['ms', random.int(1, 900)],
    () => ['cached', random.chance(0.5)],
  ])()
}

/** Names of files come one a line or as a JSON array as often as in a sentence. */
function asList(context: Context, names: readonly string[]): string {
  return context.random.pick([
    () => names.join('\n'),
    () => pythonJson(names),
    () => pythonJson({ files: names }),
  ])()
}

/** A tool's output in one of the shapes tools use, and the sentence that passes its value on. */
export function toolResult(context: Context, request: Request): ToolResult {
  const { random } = context
  const { kind } = request.offered
  if (random.chance(0.09)) {
    const reason = random.chance(0.7) ? random.pick(errors) : phrase(context)
    const content = random.pick([
      `error: ${reason}`,
      `Error: ${reason}`,
      pythonJson({ error: reason }),
      pythonJson({ ok: false, error: reason }),
    ])
    return { content, answer: `It failed: ${reason}.`, value: reason }
  }
  const value = kind.result(context)
  const answer = fill(random.pick(kind.answers), request.values).replace('{v}', () => value)
  if (kind.resultKey === 'files' && random.chance(0.6))
    return { content: asList(context, value.split(', ')), answer, value }
  const key = random.chance(0.7) ? kind.resultKey : random.pick(['result', 'value', 'output', 'data'])
  const roll = random.next()
  let content: string
  if (roll < 0.4) content = value
  else if (roll < 0.7) content = pythonJson({ [key]: asJson(value) })
  else {
    const fields: [string, Json][] = [[key, asJson(value)]]
    const extra = extraField(context)
    if (extra[0] !== key) fields.push(extra)
    if (random.chance(0.3)) fields.push(['note', random.pick(context.pools.adjectives)])
    content = pythonJson(Object.fromEntries(random.shuffle(fields)))
  }
  return { content, answer, value }
}
