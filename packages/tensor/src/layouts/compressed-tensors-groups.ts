/** Which module has which scheme: `config_groups` and `ignore` of compressed-tensors. */
import { printable } from '../files/json-keys.ts'
import { type CompressedFormat, formats, schemeOf } from './compressed-tensors-schemes.ts'
import type { ConfigFields } from './config-fields.ts'
import { contradiction } from './name-list.ts'
import { compilePattern, type Pattern, PatternBudget } from './pattern.ts'
import type { Scheme } from './scaled-weight.ts'

export interface Groups {
  /** Throws `QuantizationConfigError` for a module that no group, or groups of different schemes, or `ignore` names. */
  schemeOf(module: string): Scheme
}

interface Target {
  readonly text: string
  /** `undefined`: a class or a pattern that cannot be read. */
  readonly pattern?: Pattern | undefined
  readonly scheme: Scheme
  /** The scheme in words, to compare. */
  readonly key: string
}

/** Names of classes: a target without a dot that begins like one. What class a module has, tensors do not tell. */
const CLASS_NAME = /^[A-Z]\w*$/

export function readGroups(config: ConfigFields): Groups {
  const sparsity = config.object('sparsity_config')
  sparsity?.oneOf('format', ['dense'])
  const format = config.oneOf('format', [...formats, 'mixed-precision'])
  const groups = config.object('config_groups')
  if (groups === undefined || groups.keys.length === 0)
    throw config.error('config_groups', 'an object of groups')

  const budget = new PatternBudget()
  const patternOf = (fields: ConfigFields, key: string, text: string): Pattern | undefined => {
    const pattern = compilePattern(text.slice(3))
    if (!budget.admits(pattern)) {
      throw fields.error(key, `patterns of ${budget.limit} states in all`, 'longer')
    }
    return pattern
  }

  const exact = new Map<string, Target[]>()
  const patterns: Target[] = []
  const classes: Target[] = []
  for (const name of groups.keys) {
    const group = groups.object(name)
    const weights = group?.object('weights')
    // A group may be for activations alone.
    if (group === undefined || weights === undefined) continue
    const scheme = schemeOf(weights, formatOf(group, config, format))
    const key = JSON.stringify(scheme, (_, value) => (value === Infinity ? 'whole' : value))
    for (const text of group.strings('targets')) {
      if (text.startsWith('re:'))
        patterns.push({ text, pattern: patternOf(group, 'targets', text), scheme, key })
      else if (CLASS_NAME.test(text)) classes.push({ text, scheme, key })
      else if (exact.has(text)) exact.get(text)!.push({ text, scheme, key })
      else exact.set(text, [{ text, scheme, key }])
    }
  }
  const ignored = new Set<string>()
  const ignoredPatterns: { readonly text: string; readonly pattern: Pattern | undefined }[] = []
  for (const text of config.strings('ignore')) {
    if (text.startsWith('re:')) ignoredPatterns.push({ text, pattern: patternOf(config, 'ignore', text) })
    else ignored.add(text)
  }

  return {
    schemeOf(module) {
      // A pattern that cannot be read is not followed here: the files say that the module is quantised.
      const entry = ignored.has(module)
        ? module
        : ignoredPatterns.find(({ pattern }) => pattern?.matches(module))?.text
      if (entry !== undefined) throw contradiction(config, 'ignore', module, entry)
      const unread = patterns.filter(({ pattern }) => pattern === undefined)
      const matching = patterns.filter(({ pattern }) => pattern?.matches(module))
      // As the library ranks them: names, then patterns, then classes.
      const found =
        exact.get(module) ?? (matching.length > 0 ? [...matching, ...unread] : [...unread, ...classes])
      const [first] = found
      const many = new Set(found.map(({ key }) => key)).size > 1
      if (first !== undefined && !many) return first.scheme
      const got = many
        ? `undecided for ${printable(module)} between the targets ${list(found.map(({ text }) => text))}`
        : `without a target for ${printable(module)}, which has codes with scales`
      const expected =
        'targets that name a module, match it as a pattern (no look-behind, references or flags), or name its class'
      throw config.error('config_groups', `${expected}; one scheme for each module`, got)
    },
  }
}

function formatOf(
  group: ConfigFields,
  config: ConfigFields,
  format: CompressedFormat | 'mixed-precision' | undefined,
): CompressedFormat {
  const own = group.oneOf('format', formats) ?? format
  if (own === undefined || own === 'mixed-precision') {
    throw own === undefined
      ? config.error('format', formats.join(', '))
      : group.error('format', formats.join(', '))
  }
  return own
}

const list = (texts: readonly string[]): string => texts.slice(0, 4).map(printable).join(', ')
