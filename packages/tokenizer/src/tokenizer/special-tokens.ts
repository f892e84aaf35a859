/** What tokenizer_config.json adds to tokenizer.json: the parts that tokens play, and chat templates. */
import { TokenizerFileError } from '../errors.ts'

/** The parts that a token may play in a model. */
export const SPECIAL_TOKEN_ROLES = ['bos', 'eos', 'unk', 'sep', 'pad', 'cls', 'mask'] as const

export type SpecialTokenRole = (typeof SPECIAL_TOKEN_ROLES)[number]

export interface SpecialToken {
  readonly id: number
  readonly content: string
}

export interface TokenizerConfig {
  readonly specialTokens: Readonly<Partial<Record<SpecialTokenRole, SpecialToken>>>
  /** Jinja templates by name; a config with one template calls it `default`. */
  readonly chatTemplates: Readonly<Record<string, string>>
}

const FILE = 'tokenizer_config.json'

/** @param idOf the id of a token; a token of the config that the vocabulary lacks is refused */
export function readTokenizerConfig(
  json: unknown,
  idOf: (token: string) => number | undefined,
): TokenizerConfig {
  if (json === undefined || json === null) return { specialTokens: {}, chatTemplates: {} }
  const config = asRecord(json, FILE)
  const specialTokens: Partial<Record<SpecialTokenRole, SpecialToken>> = {}
  for (const role of SPECIAL_TOKEN_ROLES) {
    const value = config[`${role}_token`]
    if (value === undefined || value === null) continue
    const path = `${FILE}: ${role}_token`
    const content = typeof value === 'string' ? value : asRecord(value, path).content
    const id = typeof content === 'string' ? idOf(content) : undefined
    if (typeof content !== 'string' || id === undefined)
      throw new TokenizerFileError({ file: path, expected: 'a token of the vocabulary', value: content })
    specialTokens[role] = { id, content }
  }
  return { specialTokens, chatTemplates: readTemplates(config.chat_template) }
}

/** The config with this text as its default template. */
export function withTemplate(config: unknown, template: string): unknown {
  const named = readTemplates(asRecord(config ?? {}, FILE).chat_template)
  const list = Object.entries({ ...named, default: template })
  return {
    ...asRecord(config ?? {}, FILE),
    chat_template: list.map(([name, text]) => ({ name, template: text })),
  }
}

function readTemplates(value: unknown): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return {}
  if (typeof value === 'string') return { default: value }
  const file = `${FILE}: chat_template`
  const expected = 'a text, or a list of { name, template }'
  if (!Array.isArray(value)) throw new TokenizerFileError({ file, expected, value })
  // Without a prototype, a template named `__proto__` is only a name.
  const templates: Record<string, string> = Object.create(null)
  for (const entry of value as unknown[]) {
    const { name, template } = asRecord(entry, file)
    if (typeof name !== 'string' || typeof template !== 'string')
      throw new TokenizerFileError({ file, expected, value: entry })
    templates[name] = template
  }
  return templates
}

function asRecord(value: unknown, file: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>
  throw new TokenizerFileError({ file, expected: 'an object', value })
}
