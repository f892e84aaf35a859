/** A regular expression as a grammar of the whole text. */
import { GrammarBuilder } from '../builder.ts'
import type { Grammar } from '../grammar.ts'
import { codePoints } from '../utf8.ts'
import { regexAutomaton, writeAutomaton } from './automaton.ts'

/**
 * The texts that an expression matches from end to end. The subset of JavaScript's expressions (flag `u`) that is regular;
 * texts are UTF-8.
 *
 * @throws RegexError for what is malformed or not in the subset, with its place
 * @throws GrammarLimitError, EmptyGrammarError
 */
export function regexGrammar(source: string): Grammar {
  const builder = new GrammarBuilder()
  const root = builder.rule()
  const { start, end } = builder.get(root)
  writeAutomaton(builder, [start, end], regexAutomaton(source, 'whole'), codePoints)
  return builder.finish(root, 'the regular expression')
}
