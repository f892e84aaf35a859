/** A JSON Schema as a grammar. */
import { GrammarBuilder } from '../builder.ts'
import type { Grammar } from '../grammar.ts'
import { SchemaCompiler } from './compile.ts'
import { Style, type Whitespace } from './style.ts'
import type { SchemaWarning } from './warning.ts'

export interface SchemaOptions {
  /** Default `compact`. */
  readonly whitespace?: Whitespace | undefined
}

export interface SchemaGrammar {
  readonly grammar: Grammar
  /** What the schema says and the grammar does not follow; the grammar allows more than the schema there. */
  readonly warnings: readonly SchemaWarning[]
}

/**
 * The JSON texts that a schema (2020-12 or older) describes: a JSON value or `true` for any. Properties come in the order
 * in which they are declared, then required ones that are not, then additional ones. What is malformed or not supported is
 * ignored with a warning.
 *
 * @throws EmptyGrammarError if no value satisfies the schema
 * @throws GrammarLimitError if the schema is larger than the limits
 */
export function schemaGrammar(schema: unknown, options: SchemaOptions = {}): SchemaGrammar {
  const builder = new GrammarBuilder()
  const compiler = new SchemaCompiler(builder, new Style(builder, options.whitespace ?? 'compact'), schema)
  const root = builder.rule()
  const { start, end } = builder.get(root)
  builder.call(start, compiler.compile(), end)
  return { grammar: builder.finish(root, 'the schema'), warnings: compiler.warnings.list }
}
