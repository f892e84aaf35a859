/** The lists of modules that a configuration keeps dense. */

import { printable } from '../files/json-keys.ts'
import type { ConfigFields } from './config-fields.ts'
import type { QuantizationConfigError } from './errors.ts'
import type { Parts } from './layout.ts'
import { compileGlob, type Pattern, PatternBudget } from './pattern.ts'

export interface NameList {
  /** The entry that names this module, one that contains it, or the end of its name. */
  find(module: string): string | undefined
  /** The error of a module that is listed and yet quantised. */
  contradiction(module: string, entry: string): QuantizationConfigError
}

/**
 * The lists of these settings as one. Entries are names of modules with `*` for anything: `lm_head`, `mlp.gate`,
 * `model.layers.*.self_attn`. Throws `QuantizationConfigError`.
 */
export function nameList(config: ConfigFields | undefined, keys: readonly string[]): NameList | undefined {
  if (config === undefined) return undefined
  const literal = new Map<string, string>()
  const globs: { readonly entry: string; readonly key: string; readonly patterns: readonly Pattern[] }[] = []
  const budget = new PatternBudget()
  for (const key of keys) {
    for (const entry of config.strings(key)) {
      if (!/[*?]/.test(entry)) {
        literal.set(entry, key)
        continue
      }
      // From the start up to a dot or the end; or up to the end, from the start or a dot.
      const patterns = [compileGlob(entry, 'start'), compileGlob(entry, 'end')]
      if (!patterns.every((pattern) => budget.admits(pattern))) {
        throw config.error(key, `patterns of ${budget.limit} states in all`, 'longer')
      }
      globs.push({ entry, key, patterns: patterns.filter((pattern) => pattern !== undefined) })
    }
  }
  const lists = (entry: string) => literal.get(entry) ?? globs.find((glob) => glob.entry === entry)?.key ?? ''
  return {
    find: (module) =>
      endsOf(module).find((part) => literal.has(part)) ??
      globs.find(({ patterns }) => patterns.some((pattern) => pattern.matches(module)))?.entry,
    contradiction: (module, entry) => contradiction(config, lists(entry), module, entry),
  }
}

/** Throws `QuantizationConfigError` if the weight's module is listed: then it should have no scales. */
export function keepListedDense(list: NameList | undefined, { name }: Parts): void {
  const module = name.replace(/\.weight$/, '')
  const entry = list?.find(module)
  if (entry !== undefined) throw list!.contradiction(module, entry)
}

export function contradiction(
  config: ConfigFields,
  key: string,
  module: string,
  entry: string,
): QuantizationConfigError {
  const got = `a list with ${shortened(entry)}, but ${shortened(module)} has codes with scales`
  return config.error(key, 'modules without scales in the files', got)
}

const shortened = printable

/** `a.b.c`: itself, `a.b`, `a`, `b.c`, `c`. Names with very many dots are no modules. */
function endsOf(module: string): readonly string[] {
  const words = module.split('.')
  if (words.length > 64) return [module]
  const starts = words.map((_, i) => words.slice(0, words.length - i).join('.'))
  return [...starts, ...words.slice(1).map((_, i) => words.slice(i + 1).join('.'))]
}
