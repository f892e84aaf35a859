import { pythonJson } from '@octoscale/tokenizer'
import { casual, lowerFirst } from '../casual.ts'
import { pronounceable } from '../pools/strings.ts'
import type { Context, Json, ToolCall, ToolDefinition } from '../types.ts'
import type { Kind } from './kind.ts'
import { compatible, favourites, kinds } from './kinds.ts'

/** One kind of tool as offered in one conversation: with a name, a description and keys of its own. */
export interface Offered {
  readonly kind: Kind
  readonly keys: readonly string[]
  readonly definition: ToolDefinition
}

export interface Request {
  readonly offered: Offered
  readonly text: string
  /** Values as the user typed them. */
  readonly values: readonly string[]
  readonly call: ToolCall
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

/** Some names and keys say nothing, so that the description has to be read and the name copied. */
function inventName(context: Context): string {
  const { random } = context
  const word = pronounceable(context)
  return random.pick([
    `tool_${word}`,
    `${word}_${random.int(1, 99)}`,
    word,
    `do_${word}`,
    `fn${random.int(1, 999)}`,
  ])
}

/** A parameter nobody asks for: it must be left out of the call. */
function optional(context: Context, keys: readonly string[]): Record<string, Json> {
  const [key, type] = context.random.pick([
    ['limit', 'integer'],
    ['verbose', 'boolean'],
    ['lang', 'string'],
    ['timeout', 'number'],
    ['page', 'integer'],
    ['style', 'string'],
  ] as const)
  return keys.includes(key) ? {} : { [key]: { type } }
}

export function offer(context: Context, kind: Kind): Offered {
  const { random } = context
  let name = random.pick(kind.names)
  if (random.chance(0.1)) name = camelCase(name)
  if (random.chance(0.12)) name = inventName(context)
  const keys = kind.parameters.map((parameter) =>
    random.chance(0.03) ? pronounceable(context) : random.pick(parameter.keys),
  )
  const describe = random.chance(0.15)
  const properties: Record<string, Json> = {}
  kind.parameters.forEach((parameter, index) => {
    const schema: Record<string, Json> = { type: parameter.type }
    if (parameter.choices) schema.enum = parameter.choices
    if (describe) schema.description = parameter.note
    properties[keys[index] as string] = schema
  })
  if (random.chance(0.1)) Object.assign(properties, optional(context, keys))
  const parameters: Record<string, Json> = { type: 'object', properties, required: keys }
  if (random.chance(0.06)) parameters.additionalProperties = false
  return { kind, keys, definition: { name, description: random.pick(kind.descriptions), parameters } }
}

/** Kinds that no two of the given or of each other could serve the same request. */
export function chooseKinds(
  context: Context,
  count: number,
  taken: readonly Kind[] = [],
  without: readonly Kind[] = [],
): Kind[] {
  const chosen: Kind[] = []
  for (let attempt = 0; attempt < 60 && chosen.length < count; attempt++) {
    const candidate = context.random.chance(0.25)
      ? context.random.pick(favourites)
      : context.random.pick(kinds)
    const others = [...taken, ...chosen, ...without]
    if (others.every((other) => compatible(candidate, other))) chosen.push(candidate)
  }
  return chosen
}

export function offerAll(context: Context, chosen: readonly Kind[]): Offered[] {
  const names = new Set<string>()
  return context.random.shuffle(chosen).flatMap((kind) => {
    const offered = offer(context, kind)
    if (names.has(offered.definition.name) || new Set(offered.keys).size !== offered.keys.length)
      return [offer(context, { ...kind, names: [`${kind.id.replace(/-/g, '_')}_${names.size}`] })]
    names.add(offered.definition.name)
    return [offered]
  })
}

const VERBS =
  /^(Give|Show|Tell|Find|Convert|Exchange|Plan|Search|Book|Reserve|Look|Calculate|Compute|Use|Work|Evaluate|List|Read|Open|Display|Write|Save|Create|Put|Delete|Remove|Erase|Move|Rename|Run|Execute|Encode|Round|Quantize|Inspect|Pick|Compress|Zip|Make|Send|Email|Mail|Text|Message|Remind|Set|Start|Count|Wake|Add|Schedule|Translate|Say|Define|Play|Track|Report|Turn|Switch|Heat|Change|Take|Register|Pay|Transfer|Call|Order|Draw|Download|Fetch|Get)\b/

function polite(context: Context, template: string): string {
  const { random } = context
  if (!VERBS.test(template) || template.includes(': ') || random.chance(0.72)) return template
  const bare = lowerFirst(template).replace(/, please\.$/, '.')
  return random.pick([
    () => `Please ${bare}`,
    () => `Can you ${bare.replace(/\.$/, '')}${/[.]$/.test(bare) ? '?' : ''}`,
    () => `Could you ${bare.replace(/\.$/, '')}${/[.]$/.test(bare) ? '?' : ''}`,
    () => `I want you to ${bare}`,
  ])()
}

const SPOKEN: Readonly<Record<string, string>> = {
  '+': 'plus',
  '-': 'minus',
  '*': 'times',
  '/': 'divided by',
}

export function fill(template: string, values: readonly string[]): string {
  return template.replace(/\{(\d)\}/g, (_, index: string) => values[Number(index)] ?? '')
}

export function request(context: Context, offered: Offered, fixed?: readonly string[]): Request {
  const { random } = context
  const { kind, keys } = offered
  const ask = random.pick(kind.asks)
  const values = fixed ?? kind.parameters.map((parameter) => parameter.value(context))
  const args: Record<string, Json> = {}
  kind.parameters.forEach((parameter, index) => {
    const value = values[index] as string
    const set = ask.set?.[index]
    if (set !== undefined) args[keys[index] as string] = set
    else
      args[keys[index] as string] =
        parameter.type === 'string' ? value : parameter.type === 'boolean' ? value === 'true' : Number(value)
  })
  const typed = [...values]
  if (kind.id === 'calculator' && random.chance(0.12)) {
    const spoken = /^([\d.]+) ([-+*/]) ([\d.]+)$/.exec(values[0] as string)
    if (spoken) typed[0] = `${spoken[1]} ${SPOKEN[spoken[2] as string]} ${spoken[3]}`
  }
  return {
    offered,
    text: fill(casual(context, polite(context, ask.text)), typed),
    values,
    call: { name: offered.definition.name, arguments: pythonJson(args) },
  }
}
